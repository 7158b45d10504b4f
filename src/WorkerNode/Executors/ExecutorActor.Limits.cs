using System.Diagnostics;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Nodes;
using Akka.Actor;

namespace Actors.WorkerNode.Executors;

internal sealed partial class ExecutorActor
{
    private void KillOverdue()
    {
        if (_deadlines.IsEmpty)
            Timers.Cancel(nameof(CheckDeadlines));
        else if (MeasureRunTime(out var job) is { } elapsed && _deadlines.IsOverdue(job, elapsed))
            KillProcess(ExecutorExitReason.TimedOut);
    }

    /// <returns>How long the job has been running, or its current item; null when none runs.</returns>
    private TimeSpan? MeasureRunTime(out long job)
    {
        job = _progress.LastBegun;
        var (item, begunAt) = (_progress.Item, _progress.BegunAt);
        // Read last: while the job has not ended, item and time are its own.
        return _progress.LastEnded == job ? null : _runClock.MeasureElapsed(job, item, begunAt, Stopwatch.GetTimestamp());
    }

    /// <summary>Nothing for a job that is no chunk, or whose results are on their way.</summary>
    private void ReportProgress()
    {
        var job = _progress.LastBegun;
        var item = _progress.Item;
        if (item > 0 && _progress.LastEnded != job)
            _setup.Pool.Tell(new NodeProtocol.JobProgressReport(_id, new JobId(job), (int)(item - 1)));
    }

    /// <summary>How long the report of an exit waits for the end of the output. A malformed frame ends its job within a second.</summary>
    private static TimeSpan OutputGraceOf(ExecutorExitReason reason) => reason == ExecutorExitReason.BrokeProtocol
        ? TimeSpan.FromMilliseconds(250)
        : TimeSpan.FromSeconds(2);

    /// <summary>What it sends after a malformed frame is not read: no outcome of it can come any more.</summary>
    private void KillForMalformedFrame(Exception reason)
    {
        if (_isKilled)
            return;
        _failure = ExecutorFailures.BrokeProtocol(reason);
        KillProcess(_isReady ? ExecutorExitReason.BrokeProtocol : ExecutorExitReason.StartFailed);
    }

    /// <summary>
    /// True once the process has started a job. Recycling waits for this: a limit below the start-up footprint would otherwise restart workers
    /// forever.
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
    /// The runtime ends a process that can allocate no more on a thread where nothing catches that, its own threads among them: then it is
    /// the limit all the same, and the job would come to it again.
    /// </summary>
    private bool DiedOfMemory() => _setup.Spec.MemoryLimitBytes > 0
        && _errors?.LastText() is { } said
        && (said.Contains(nameof(OutOfMemoryException), StringComparison.Ordinal) || said.Contains("Out of memory", StringComparison.Ordinal));
}
