using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>How what was gathered goes to the pool: one message under way at a time.</summary>
internal sealed partial class PoolSession
{
    private void SendGathered()
    {
        if (_underWay || (_gathered.Count == 0 && _batches.Count == 0))
            return;
        var jobs = _batches.TryDequeue(out var batch) ? batch : TakeGathered();
        _underWay = !IsAlone(jobs);
        _lastSent = Math.Max(_lastSent, jobs[^1].Id.Value);
        if (_late.Count > 0)
            SendLate(jobs);
        if (_spec.IsDurable)
            _unwrittenTaken.Submitted();
        Submit(jobs, wantsWord: _underWay);
        SendCancelled();
        SendWithdrawn();
    }

    /// <summary>A message with jobs was too large to be sent: its jobs end here.</summary>
    internal void Discarded(PoolProtocol.Submit submit, string reason)
    {
        lock (_submitting)
        {
            if (!TryReplace(submit))
                return;
            var failure = FailureConverter.ToFailure(new PayloadTooLargeException(reason));
            var outcomes = submit.Jobs.Select(job => new JobOutcome(job.Id, JobStatus.Refused, default, failure, 0));
            _self.Tell(new PoolSessionActor.EndedHere([.. outcomes]), ActorRefs.NoSender);
            // The pool takes submissions in the order of their numbers: an empty one goes in its place.
            Send(new Submission(submit.Number, []), submit.WantsWord);
        }
    }

    /// <returns>False for a message of another pool.</returns>
    private bool TryReplace(PoolProtocol.Submit submit)
    {
        var kept = _unaccepted.ToList();
        var index = kept.FindIndex(submission => submission.Number == submit.Number && submission.Jobs == submit.Jobs);
        if (index < 0)
            return false;
        kept[index] = new Submission(submit.Number, []);
        _unaccepted.Clear();
        kept.ForEach(_unaccepted.Enqueue);
        return true;
    }

    /// <summary>Nothing else is outstanding, so nothing will come together meanwhile. A durable pool's word is that the job is written.</summary>
    private bool IsAlone(ImmutableArray<JobSpec> jobs) => jobs.Length == 1 && !_spec.IsDurable && _pending.Count == 1;

    /// <summary>All that has been gathered; over the wire what fits into a message, and the rest stands in the batches that go before what is gathered next.</summary>
    private ImmutableArray<JobSpec> TakeGathered()
    {
        var jobs = _gathered.Count == _gathered.Capacity ? _gathered.MoveToImmutable() : _gathered.ToImmutable();
        _gathered = ImmutableArray.CreateBuilder<JobSpec>();
        if (!_isRemote)
            return jobs;
        foreach (var batch in WireLimits.Split(jobs, WireLimits.SizeOf))
            _batches.Enqueue(batch);
        return _batches.Dequeue();
    }

    /// <summary>Jobs whose arguments took their time are not in the order of their numbers.</summary>
    private void SendLate(ImmutableArray<JobSpec> jobs)
    {
        foreach (var job in jobs)
        {
            _late.Remove(job.Id.Value);
            _lastSent = Math.Max(_lastSent, job.Id.Value);
        }
    }

    private void RefuseTooLarge(FunctionRef function, ReadOnlyMemory<byte> arguments)
    {
        if (_isRemote && _spec.IsDurable && arguments.Length > WireLimits.LargestPayload)
            throw new PayloadTooLargeException(WireLimits.TooLargeToKeep($"The arguments of {function.Name}", arguments.Length));
        if (!IsStored(arguments) && arguments.Length > ExecutorProtocol.LargestPayload)
            throw new PayloadTooLargeException(WireLimits.TooLargeForWorker($"The arguments of {function.Name}", arguments.Length));
    }

    /// <summary>Cancellations follow their jobs.</summary>
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
        foreach (var part in WireLimits.Split(jobs, static _ => sizeof(long)))
            _pool.Tell(new PoolProtocol.Cancel(part), _self);
    }

    private bool IsSent(JobId job) => job.Value <= _lastSent && !_late.Contains(job.Value);
}
