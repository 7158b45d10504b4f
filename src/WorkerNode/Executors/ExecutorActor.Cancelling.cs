using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Nodes;

namespace Actors.WorkerNode.Executors;

/// <summary>Cancels jobs, and kills the executor if a job does not end.</summary>
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
    /// Kills the executor if it still runs the job. A job that does not run may begin until the executor has answered the revocation. After
    /// the answer, the job has ended or was returned.
    /// </summary>
    private void KillIfRunning(GraceOver over)
    {
        // Read this first: the job may begin between the two reads.
        var isAnswered = _frames is null || _frames.AnsweredRevocations >= over.Revocation;
        if ((IsBusy && _progress.LastBegun == over.Job.Value) || (!isAnswered && Now > over.Latest))
            KillProcess(ExecutorExitReason.Cancelled);
        else if (!isAnswered)
            StartGrace(over, JobDeadlines.CheckInterval);
    }

    /// <param name="Job">The cancelled job.</param>
    /// <param name="Revocation">The number of the revocation that was sent with the cancellation.</param>
    /// <param name="Latest">The time at which an executor without an answer is killed.</param>
    private sealed record GraceOver(JobId Job, long Revocation, TimeSpan Latest);
}
