using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Nodes;

namespace Actors.WorkerNode.Executors;

/// <summary>Asking a job to end, and killing the one that does not.</summary>
internal sealed partial class ExecutorActor
{
    private long _revocations;

    private void RevokeJobs()
    {
        _revocations++;
        SendFrame(FrameKind.Revoke);
    }

    private void CancelJob(NodeProtocol.CancelRunningJob cancel)
    {
        if (TryStopFetching(cancel.Job))
            return;
        RevokeJobs();
        _connection?.SendFrames(writer =>
        {
            writer.BeginFrame(FrameKind.Cancel);
            writer.WriteInt64(cancel.Job.Value);
            writer.EndFrame();
        });
        var grace = TimeSpan.FromMilliseconds(_setup.Spec.CancellationGraceMilliseconds);
        StartGrace(new GraceOver(cancel.Job, _revocations, Now + grace + StopGrace), grace);
    }

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private void StartGrace(GraceOver over, TimeSpan grace) => Timers.StartSingleTimer(over.Job, over, grace);

    /// <summary>
    /// Until the executor has answered the recall, a job that does not run may yet begin, and would never be killed. After that it has ended, or was
    /// handed back.
    /// </summary>
    private void KillIfRunning(GraceOver over)
    {
        // Read first: between the two it may begin.
        var isAnswered = _frames is null || _frames.AnsweredRevocations >= over.Revocation;
        if ((IsBusy && _progress.LastBegun == over.Job.Value) || (!isAnswered && Now > over.Latest))
            KillProcess(ExecutorExitReason.Cancelled);
        else if (!isAnswered)
            StartGrace(over, JobDeadlines.CheckInterval);
    }

    /// <param name="Job">What was cancelled.</param>
    /// <param name="Revocation">The recall that went with it.</param>
    /// <param name="Latest">When an executor that has not answered it is of no use.</param>
    private sealed record GraceOver(JobId Job, long Revocation, TimeSpan Latest);
}
