using System.Collections.Concurrent;
using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>Handles the messages of the pool, which the session actor receives.</summary>
internal sealed partial class PoolSession
{
    /// <summary>
    /// Jobs whose outcome code has received, in a queue, so that this code does not wait for the lock for each outcome.
    /// </summary>
    private readonly ConcurrentQueue<JobId> _received = new();

    private List<EndedJob>? _endedJobs = [];

    /// <summary>Whether the pool ended on request and no outcome is missing.</summary>
    internal bool IsEndExpected => ReadState(static state => state.IsEndExpected);

    internal void OnAccepted(long number) => UpdateState(state => state.OnAccepted(number));

    internal void OnKeyedAccepted(PoolProtocol.KeyedJobsAccepted accepted)
    {
        IReadOnlyList<(PendingJob Job, JobKeyConflictException Reason)> conflicts;
        lock (_access)
        {
            conflicts = _state.OnKeyedAccepted(accepted);
            CarryOutEffects();
        }

        foreach (var (job, reason) in conflicts)
            EndJob(job, reason, JobStatus.Refused);
    }

    internal void OnJobsEnded(PoolProtocol.JobsEnded message) =>
        EndJobs(message, static (state, message, ended) => state.OnJobsEnded(message, ended));

    internal void OnEndedLocally(ImmutableArray<JobOutcome> outcomes) =>
        EndJobs(outcomes, static (state, outcomes, ended) => state.TakeEnded(outcomes, ended));

    /// <summary>Ends the job, and releases the stored result.</summary>
    internal void OnResultDownloaded(DownloadedResult result)
    {
        if (result.Outcome is { } outcome)
            OnEndedLocally([outcome]);
        _pool.Tell(new PayloadProtocol.ReleasePayload(result.Payload), _self);
    }

    internal void OnCompared(PoolProtocol.ComparePoolReply compared) => UpdateState(state => state.OnCompared(compared));

    /// <returns>The time until the next call; null when nothing is outstanding.</returns>
    internal TimeSpan? OnCompareTick()
    {
        lock (_access)
        {
            MarkReceived();
            var pause = _state.OnCompareTick();
            // A receipt that arrived meanwhile has seen that the timer runs.
            Interlocked.MemoryBarrier();
            if (!_received.IsEmpty)
                _state.StartComparing();
            CarryOutEffects();
            return pause;
        }
    }

    internal void OnFinished(PoolProtocol.PoolFinished finished) => UpdateState(state => state.OnFinished(finished));

    /// <summary>Ends the jobs of a message that was too large to be sent.</summary>
    internal void OnSubmitDiscarded(PoolProtocol.SubmitJobs submit, string reason) =>
        UpdateState(state => state.OnSubmitDiscarded(submit, reason));

    /// <summary>Receives the answer whether a worker runs the job.</summary>
    internal void OnInquired(PoolProtocol.QueryJobReply answer)
    {
        lock (_access)
            _inquiries.CompleteQuery(answer.Job, answer.IsRunning);
    }

    /// <summary>Receives the jobs that have started and therefore continue.</summary>
    internal void OnNotWithdrawn(ImmutableArray<JobId> jobs)
    {
        foreach (var job in jobs)
            ForgetWithdrawal(job);
    }

    /// <summary>Sends an uploaded job, or releases its arguments when it is not needed any more.</summary>
    internal void OnUploaded(JobSpec job, IActorRef pool)
    {
        lock (_access)
        {
            if (!IsCurrent(pool) || !_state.OnUploaded(job))
                pool.Tell(new PayloadProtocol.ReleasePayload(job.Stored!.Id), _self);
            CarryOutEffects();
        }
    }

    internal void OnUploadFailed(JobId job, Exception exception, IActorRef pool)
    {
        lock (_access)
        {
            if (IsCurrent(pool))
                _state.OnUploadFailed(job, exception);
            CarryOutEffects();
        }
    }

    /// <summary>Whether an actor is the pool of the current connection.</summary>
    internal bool IsCurrent(IActorRef pool) => pool.Equals(_pool);

    /// <summary>Decodes a downloaded result before the session ends its job, so that other jobs do not wait meanwhile.</summary>
    internal void DecodeResult(JobId job, ReadOnlyMemory<byte> result)
    {
        var before = ObjectChannel.UseForThread(_runtime.Objects);
        FindJob(job)?.DecodeEarly(result);
        ObjectChannel.UseForThread(before);
    }

    /// <summary>Finds a job that has not ended; null for another one.</summary>
    internal PendingJob? FindJob(JobId job)
    {
        lock (_access)
            return _state.FindJob(job);
    }

    /// <summary>Takes jobs from the state, and ends them without the lock.</summary>
    private void EndJobs<T>(T message, Action<ClientPoolState, T, List<EndedJob>> take)
    {
        var ended = Interlocked.Exchange(ref _endedJobs, null) ?? [];
        lock (_access)
        {
            take(_state, message, ended);
            CarryOutEffects();
        }

        ObjectChannel.UseForThread(_runtime.Objects);
        var slots = 0;
        foreach (var (outcome, job) in ended)
            slots += EndHandles(outcome, job);
        ObjectChannel.UseForThread(null);
        // Together: each release takes the lock that threads which submit jobs take as well.
        _slots.Release(slots);
        ended.Clear();
        _endedJobs = ended;
    }

    /// <summary>Ends the handles of a job.</summary>
    /// <returns>The number of slots that are free now. The caller releases them.</returns>
    private int EndHandles(JobOutcome outcome, PendingJob? job)
    {
        var slots = 0;
        for (var handle = job; handle is not null; handle = handle.Next)
        {
            slots += handle.HasSlot ? 1 : 0;
            ReleaseReferences(handle);
            _tally.CountJob(handle, outcome.Status, handle.EndWith(outcome));
            if (handle.IsReceiptTracked && handle.MarkEnded())
                handle.ConfirmReceipt();
        }

        return slots;
    }

    private void EndJob(PendingJob job, Exception reason, JobStatus status)
    {
        ReleaseJob(job);
        job.EndWith(reason);
        _tally.CountJob(job, status, reason);
    }

    private void ReleaseJob(PendingJob job)
    {
        if (job.HasSlot)
            _slots.Release(1);
        ReleaseReferences(job);
    }

    private static void ReleaseReferences(PendingJob job)
    {
        // Not Dispose: it waits for the callback, which may wait for the lock that this thread holds (dispatch is inline).
        job.Cancellation.Unregister();
        (job.Retained, job.Spec) = (null, null);
    }

    /// <summary>Prepares a job whose outcome is retained until its code has received it.</summary>
    private void TrackReceipt(PendingJob job)
    {
        if (!_rules.IsDurable || !job.CanBeFound || _options.Acknowledgment == ResultAcknowledgment.None)
            return;
        (job.IsReceiptTracked, job.IsAcknowledgedExplicitly) = (true, _rules.IsAcknowledgedExplicitly);
        if (job.HasCallback)
            job.MarkRequested();
    }

    /// <inheritdoc/>
    public void OnReceived(PendingJob job)
    {
        _received.Enqueue(job.Id);
        if (_state.IsComparing)
            return;
        lock (_access)
        {
            MarkReceived();
            _state.StartComparing();
            CarryOutEffects();
        }
    }

    private void MarkReceived()
    {
        while (_received.TryDequeue(out var job))
            _state.MarkReceived(job);
    }
}
