using System.Collections.Concurrent;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>The workers of the pool, and the progress of their jobs.</summary>
internal sealed partial class PoolSession
{
    private long _lastWorker;

    /// <summary>The running workers.</summary>
    public ConcurrentDictionary<ExecutorId, WorkerInfo> Workers { get; } = new();

    /// <inheritdoc/>
    IReadOnlyList<WorkerInfo> IPoolSession.Workers => [.. Workers.Values.OrderBy(worker => worker.Number)];

    /// <summary>Raised when a worker becomes ready or ends.</summary>
    public event Action<WorkerInfo>? WorkerChanged;

    public void TerminateWorker(ExecutorId executor) => _pool.Tell(new PoolProtocol.TerminateWorker(executor), _self);

    /// <summary>Requests the progress of running chunks, which arrives at <see cref="PendingJob.ReportProgress"/>.</summary>
    public void AskProgress() => _pool.Tell(new PoolProtocol.RequestMapProgress(), _self);

    public void KillWorker(ExecutorId executor) => _pool.Tell(new PoolProtocol.KillWorker(executor), _self);

    /// <inheritdoc/>
    public void SignalWorker(ExecutorId worker, WorkerSignal signal)
    {
        if (signal == WorkerSignal.Kill)
            KillWorker(worker);
        else if (signal == WorkerSignal.Terminate)
            TerminateWorker(worker);
        else if (_rules.IsRemote)
        {
            throw new NotSupportedException(
                $"{signal} cannot be sent to a worker on a cluster: use {WorkerSignal.Kill} or {WorkerSignal.Terminate}.");
        }
        else if (Workers.TryGetValue(worker, out var running))
            ProcessSignals.SendSignal(running.ProcessId, signal);
    }

    internal void OnProgress(PoolProtocol.MapProgressReport report) =>
        PendingJob.PassReport(FindJob(report.Job), report.Items, report.Value, _options.LoggerFactory);

    internal void OnWorkerStarted(WorkerInfo executor)
    {
        var started = executor with { Number = ++_lastWorker, Session = this };
        Workers[executor.Id] = started;
        WorkerChanged?.Invoke(started);
    }

    internal void OnWorkerEnded(WorkerInfo executor)
    {
        Workers.TryRemove(executor.Id, out _);
        WorkerChanged?.Invoke(executor);
    }
}
