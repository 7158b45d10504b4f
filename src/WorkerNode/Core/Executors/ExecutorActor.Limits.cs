using System.Diagnostics;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Nodes;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

/// <summary>Kills or retires a process over the limits of its pool or its jobs.</summary>
public sealed partial class ExecutorActor
{
    private void ReceiveLimits()
    {
        Receive<CheckDeadlines>(_ => EndOverdue());
        Receive<CheckMemory>(_ => CheckMemoryLimits());
        Receive<NodeProtocol.RequestJobProgress>(_ => ReportProgress());
    }

    private void EndOverdue()
    {
        if (_deadlines.IsEmpty)
        {
            Timers.Cancel(nameof(CheckDeadlines));
            return;
        }

        if (MeasureRunTime(out var job, out var item) is not { } elapsed)
            return;
        switch (_deadlines.Decide(job, item, elapsed))
        {
            case JobDeadlines.DeadlineDecision.Cancel: SendCancellation(job, JobCancellationReason.Timeout); break;
            case JobDeadlines.DeadlineDecision.Kill: KillProcess(ExecutorExitReason.TimedOut); break;
        }
    }

    /// <returns>The run time of the job, or of the current item of a chunk; null if no job runs.</returns>
    private TimeSpan? MeasureRunTime(out long job, out long item)
    {
        (job, item) = (_progress.LastBegun, _progress.Item);
        var begunAt = _progress.BegunAt;
        // Read this last: if the job has not ended, its item and time are consistent.
        return _progress.LastEnded == job ? null : _runClock.MeasureElapsed(job, item, begunAt, Stopwatch.GetTimestamp());
    }

    /// <summary>Reports the item that runs. Does nothing for a job that is not a chunk or is writing its results.</summary>
    private void ReportProgress()
    {
        var job = _progress.LastBegun;
        var item = _progress.Item;
        if (item > 0 && _progress.LastEnded != job)
            _setup.Pool.Tell(new NodeProtocol.JobProgressReport(_id, new JobId(job), (int)(item - 1)));
    }

    /// <summary>
    /// True once the process has started a job. Recycling waits for this: a limit below the start-up footprint would otherwise restart
    /// workers forever.
    /// </summary>
    private bool HasStartedJob => _progress.LastBegun > 0;

    private void CheckMemoryLimits()
    {
        if (_process is null)
            return;
        var resident = _process.MeasureResidentBytes();
        if (_setup.Spec.MemoryLimitBytes > 0 && resident > _setup.Spec.MemoryLimitBytes)
            KillProcess(ExecutorExitReason.MemoryExceeded);
        else if (_setup.Spec.RecycleAboveBytes > 0 && resident > _setup.Spec.RecycleAboveBytes && HasStartedJob)
            RetireProcess();
    }

    /// <summary>
    /// Whether the process ended because of its memory limit. The runtime ends a process that fails to allocate memory on a thread without
    /// a handler, such as its own threads. The job would reach the limit again.
    /// </summary>
    private bool DiedOfMemory() => _setup.Spec.MemoryLimitBytes > 0
        && _process?.LastErrors is { } output
        && (output.Contains(nameof(OutOfMemoryException), StringComparison.Ordinal)
            || output.Contains("Out of memory", StringComparison.Ordinal));
}
