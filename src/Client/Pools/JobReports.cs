using Actors.Logging;
using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Microsoft.Extensions.Logging;

namespace Actors.Pools;

/// <summary>
/// Passes the progress of a job to the objects of its caller, and its log records to the loggers: one at a time, on a thread that receives
/// no results. A slow receiver gets the newest value in place of those that it has missed. The end of the job becomes visible after its
/// last value and record. Thread-safe.
/// </summary>
internal sealed class JobReports
{
    /// <summary>The most batches of log records that wait for a slow logger. Further ones count as lost.</summary>
    private const int MaxWaitingLogs = 64;

    private readonly ProgressSink[] _sinks;
    private readonly PoolCallbacks? _callbacks;
    private readonly Lock _access = new();
    private readonly ReadOnlyMemory<byte>?[] _newest;
    private readonly Queue<ReadOnlyMemory<byte>> _logs = new();
    private JobLogWriter? _logWriter;
    private bool _isDelivering;
    private Action? _end;

    /// <param name="sinks">The objects that receive the progress.</param>
    /// <param name="callbacks">The callbacks of the pool, which wait for the reports at its end; null for none.</param>
    public JobReports(ProgressSink[] sinks, PoolCallbacks? callbacks) =>
        (_sinks, _callbacks, _newest) = (sinks, callbacks, new ReadOnlyMemory<byte>?[sinks.Length]);

    /// <summary>Creates the reports of a call; null when it has no <see cref="IProgress{T}"/>.</summary>
    /// <param name="call">The call.</param>
    /// <param name="callbacks">The callbacks of the pool, which wait for the reports at its end; null for none.</param>
    public static JobReports? FromCall(PreparedCall call, PoolCallbacks? callbacks) =>
        call.KeptAlive?.OfType<ProgressSink>().ToArray() is { Length: > 0 } sinks ? new JobReports(sinks, callbacks) : null;

    /// <summary>Adds a value of the job. An unknown number is ignored: a worker may send anything.</summary>
    public void AddValue(ProgressValue value)
    {
        lock (_access)
        {
            if ((uint)value.Number >= (uint)_sinks.Length)
                return;
            _newest[value.Number] = value.Value;
            StartDelivery();
        }
    }

    /// <summary>Adds a batch of log records of the job.</summary>
    /// <param name="batch">The encoded batch.</param>
    /// <param name="loggers">The loggers of this program.</param>
    /// <param name="job">The job.</param>
    public void AddLogs(ReadOnlyMemory<byte> batch, ILoggerFactory loggers, JobId job)
    {
        lock (_access)
        {
            if (_logs.Count >= MaxWaitingLogs)
                return;
            _logWriter ??= new JobLogWriter(loggers, job.Value);
            _logs.Enqueue(batch);
            StartDelivery();
        }
    }

    /// <summary>Makes the end of the job visible: now, or after the values that are being passed on.</summary>
    public void EndAfterValues(Action end)
    {
        lock (_access)
        {
            if (_isDelivering)
            {
                var ended = new TaskCompletionSource(SimulatedThread.Continuations);
                _end = () =>
                {
                    end();
                    ended.SetResult();
                };
                _callbacks?.AwaitReports(ended.Task);
                return;
            }
        }

        end();
    }

    /// <summary>Delivers on another thread, unless one delivers already. Called under the lock.</summary>
    private void StartDelivery()
    {
        if (_isDelivering)
            return;
        _isDelivering = true;
        Task.Factory.StartNew(DeliverReports, CancellationToken.None, TaskCreationOptions.DenyChildAttach, SimulatedThread.Scheduler);
    }

    private void DeliverReports()
    {
        while (TakeReports() is var (values, logs))
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i] is { } value)
                    Deliver(() => _sinks[i].Report(value), "the receiver of a job's progress threw");
            }

            foreach (var batch in logs)
                Deliver(() => _logWriter!.WriteBatch(batch), "a logger threw for a record of a job");
        }

        _end?.Invoke();
    }

    /// <returns>The newest values and the waiting log records; null when there are none, and the delivery ends.</returns>
    private (ReadOnlyMemory<byte>?[] Values, ReadOnlyMemory<byte>[] Logs)? TakeReports()
    {
        lock (_access)
        {
            _isDelivering = _logs.Count > 0 || Array.Exists(_newest, static value => value is not null);
            if (!_isDelivering)
                return null;
            (ReadOnlyMemory<byte>?[], ReadOnlyMemory<byte>[]) taken = ([.. _newest], [.. _logs]);
            Array.Clear(_newest);
            _logs.Clear();
            return taken;
        }
    }

    private static void Deliver(Action deliver, string failure)
    {
#pragma warning disable CA1031 // User code: any exception is reported and ignored.
        try
        {
            deliver();
        }
        catch (Exception exception)
        {
            ClientLog.Write(new ClientMessage(ClientEvent.CallbackFailed, $"ProcessPool: {failure}; the job continues.", exception));
        }
#pragma warning restore CA1031
    }
}
