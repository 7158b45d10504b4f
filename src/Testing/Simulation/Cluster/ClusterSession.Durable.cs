using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Pools;

namespace Actors.Testing;

/// <summary>The client's side of a durable pool.</summary>
internal sealed partial class ClusterSession : IDurablePoolSession
{
    private readonly TaskCompletionSource _opened = new(SimulatedThread.Continuations);

    /// <summary>Completes when the pool was opened for the first time; fails if that was not possible.</summary>
    public Task Opened => _opened.Task;

    /// <inheritdoc/>
    public int UnacceptedJobs => Read(static state => state.UnacceptedJobs);

    /// <inheritdoc/>
    public void AttachJobs(IReadOnlyCollection<PendingJob> jobs)
    {
        foreach (var job in jobs)
        {
            job.MarkAccepted();
            TrackReceipt(job);
        }

        var unknown = RequestUpdate(state => state.AttachJobs(jobs));
        foreach (var job in unknown)
            job.Complete(new JobOutcome(job.Id, JobStatus.Unknown, default, null, 0));
    }

    /// <inheritdoc/>
    public Task DetachClientAsync()
    {
        _isEnding = true;
        RequestUpdate(static state => state.Detach());
        return _ended.Task;
    }

    /// <summary>Does nothing: the coordinator writes for the pool.</summary>
    public Task UnloadPoolAsync() => Task.CompletedTask;

    /// <summary>Creates the request to open the pool.</summary>
    public PoolProtocol.OpenPool CreateOpening() => Spec.IsDurable
        ? new PoolProtocol.OpenPool(
            PoolId.FromName(Spec.Name), Spec, _session, Read(static state => state.Range), ProgramJobs.For(Spec))
        : new PoolProtocol.OpenPool(_cluster.NewPoolId(), Spec);

    /// <summary>Ends the session of a pool that refuses it.</summary>
    public void OnRefused(PoolProtocol.PoolRefused refused) => EndWithLoss(
        Read(static state => state.WasOpen) ? new PoolTerminatedException(refused.Reason) : new InvalidOperationException(refused.Reason));

    /// <summary>Prepares a job whose outcome is retained until its code has received it.</summary>
    private void TrackReceipt(PendingJob job)
    {
        if (!Spec.IsDurable || !job.CanBeFound || _acknowledgment == ResultAcknowledgment.None)
            return;
        (job.IsReceiptTracked, job.IsAcknowledgedExplicitly) = (true, _acknowledgment == ResultAcknowledgment.Explicit);
        if (job.HasCallback)
            job.MarkRequested();
    }

    /// <inheritdoc/>
    public void OnReceived(PendingJob job) => RequestUpdate(state =>
    {
        state.MarkReceived(job.Id);
        state.StartComparing();
    });

    private void OnKeyedAccepted(PoolProtocol.KeyedJobsAccepted accepted)
    {
        foreach (var (job, reason) in Update(state => state.OnKeyedAccepted(accepted)))
            LoseJob(job, reason, JobStatus.Refused);
    }
}
