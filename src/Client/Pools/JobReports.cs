using Actors.Logging;
using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>
/// Passes the progress of a job to the objects of its caller: one value at a time, on a thread that receives no results, and the newest
/// value in place of those that a slow receiver has missed. The end of the job becomes visible after its last value. Thread-safe.
/// </summary>
internal sealed class JobReports
{
    private readonly ProgressSink[] _sinks;
    private readonly PoolCallbacks? _callbacks;
    private readonly Lock _access = new();
    private readonly ReadOnlyMemory<byte>?[] _newest;
    private bool _isDelivering;
    private Action? _end;

    private JobReports(ProgressSink[] sinks, PoolCallbacks? callbacks) =>
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
            if (_isDelivering)
                return;
            _isDelivering = true;
        }

        Task.Factory.StartNew(DeliverValues, CancellationToken.None, TaskCreationOptions.DenyChildAttach, SimulatedThread.Scheduler);
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

    private void DeliverValues()
    {
        while (TakeValues() is { } values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i] is { } value)
                    ReportValue(_sinks[i], value);
            }
        }

        _end?.Invoke();
    }

    /// <returns>The newest values; null when there are none, and the delivery ends.</returns>
    private ReadOnlyMemory<byte>?[]? TakeValues()
    {
        lock (_access)
        {
            _isDelivering = Array.Exists(_newest, static value => value is not null);
            if (!_isDelivering)
                return null;
            var values = _newest.ToArray();
            Array.Clear(_newest);
            return values;
        }
    }

    private static void ReportValue(ProgressSink sink, ReadOnlyMemory<byte> value)
    {
#pragma warning disable CA1031 // User code: any exception is reported and ignored.
        try
        {
            sink.Report(value);
        }
        catch (Exception exception)
        {
            ClientLog.Write(new ClientMessage(
                ClientEvent.CallbackFailed, "ProcessPool: the receiver of a job's progress threw; the job continues.", exception));
        }
#pragma warning restore CA1031
    }
}
