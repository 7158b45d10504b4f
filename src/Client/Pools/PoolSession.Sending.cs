using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>Sends the queued jobs to the pool: one message in transit at a time.</summary>
internal sealed partial class PoolSession
{
    private void SendGathered()
    {
        if (_isSending || (_gathered.Count == 0 && _batches.Count == 0))
            return;
        var jobs = _batches.TryDequeue(out var batch) ? batch : TakeGathered();
        _isSending = !IsOnlyJob(jobs);
        _lastSent = Math.Max(_lastSent, jobs[^1].Id.Value);
        if (_delayedByUpload.Count > 0)
            RecordDelayedSend(jobs);
        if (_spec.IsDurable)
            _unwrittenAcks.OnSubmitted();
        SubmitBatch(jobs, wantsAck: _isSending);
        SendCancelled();
        SendWithdrawn();
    }

    /// <summary>Ends the jobs of a message that was too large to be sent.</summary>
    internal void OnSubmitDiscarded(PoolProtocol.SubmitJobs submit, string reason)
    {
        lock (_submitting)
        {
            if (!TryReplace(submit))
                return;
            var failure = FailureConverter.ToFailure(new PayloadTooLargeException(reason));
            var outcomes = submit.Jobs.Select(job => new JobOutcome(job.Id, JobStatus.Refused, default, failure, 0));
            _self.Tell(new PoolSessionActor.EndedLocally([.. outcomes]), ActorRefs.NoSender);
            // The pool accepts submissions in numeric order: an empty one takes its place.
            SendSubmission(new Submission(submit.Number, []), submit.WantsReply);
        }
    }

    /// <returns>True when replaced; false for a message to another pool.</returns>
    private bool TryReplace(PoolProtocol.SubmitJobs submit)
    {
        var submissions = _unaccepted.ToList();
        var index = submissions.FindIndex(submission => submission.Number == submit.Number && submission.Jobs == submit.Jobs);
        if (index < 0)
            return false;
        submissions[index] = new Submission(submit.Number, []);
        _unaccepted.Clear();
        submissions.ForEach(_unaccepted.Enqueue);
        return true;
    }

    /// <summary>
    /// Whether this is the only outstanding job, so that waiting for the acknowledgement would batch nothing. The acknowledgement of a
    /// durable pool confirms that the job is written.
    /// </summary>
    private bool IsOnlyJob(ImmutableArray<JobSpec> jobs) => jobs.Length == 1 && !_spec.IsDurable && _pending.Count == 1;

    /// <summary>
    /// Takes the queued jobs: all of them locally, otherwise as many as fit into one message. The rest waits in batches that are sent
    /// first.
    /// </summary>
    private ImmutableArray<JobSpec> TakeGathered()
    {
        var jobs = _gathered.Count == _gathered.Capacity ? _gathered.MoveToImmutable() : _gathered.ToImmutable();
        _gathered = ImmutableArray.CreateBuilder<JobSpec>();
        if (!_isRemote)
            return jobs;
        foreach (var batch in WireLimits.SplitIntoBatches(jobs, WireLimits.SizeOf))
            _batches.Enqueue(batch);
        return _batches.Dequeue();
    }

    /// <summary>Records jobs that are sent out of order because of their upload.</summary>
    private void RecordDelayedSend(ImmutableArray<JobSpec> jobs)
    {
        foreach (var job in jobs)
        {
            _delayedByUpload.Remove(job.Id.Value);
            _lastSent = Math.Max(_lastSent, job.Id.Value);
        }
    }

    private void RequireSendable(FunctionRef function, ReadOnlyMemory<byte> arguments)
    {
        if (_isRemote && _spec.IsDurable && arguments.Length > WireLimits.LargestPayload)
        {
            throw new PayloadTooLargeException(
                WireLimits.DescribeTooLargeForDurablePool($"The arguments of {function.Name}", arguments.Length));
        }

        if (!NeedsUpload(arguments) && arguments.Length > ExecutorProtocol.LargestPayload)
            throw new PayloadTooLargeException(WireLimits.DescribeTooLargeForWorker($"The arguments of {function.Name}", arguments.Length));
    }

    /// <summary>Sends the cancellations of jobs that were sent.</summary>
    private void SendCancelled()
    {
        if (_cancelled.Count == 0)
            return;
        var known = _cancelled.Where(IsSent).ToImmutableArray();
        if (known.IsEmpty)
            return;
        CancelAll(known);
        _cancelRequests.UnionWith(known);
        _cancelled.RemoveAll(IsSent);
    }

    private void CancelAll(ImmutableArray<JobId> jobs)
    {
        foreach (var part in WireLimits.SplitIntoBatches(jobs, static _ => sizeof(long)))
            _pool.Tell(new PoolProtocol.CancelJobs(part), _self);
    }

    private bool IsSent(JobId job) => (job.Value <= _lastSent && !_delayedByUpload.Contains(job.Value)) || !IsOwn(job);
}
