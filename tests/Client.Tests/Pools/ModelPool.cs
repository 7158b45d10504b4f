using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Client.Tests.Pools;

/// <summary>
/// A simple model of a pool for one client. A durable one keeps its jobs and outcomes when its coordinator is lost. It checks that it
/// accepts no job twice that must run once, and that it knows each job that the client attaches to.
/// </summary>
internal sealed class ModelPool(bool isDurable)
{
    private readonly HashSet<JobId> _accepted = [];
    private readonly SortedDictionary<long, JobSpec> _pending = [];
    private readonly Dictionary<JobId, JobOutcome> _retained = [];
    private readonly SortedDictionary<long, PoolProtocol.JobsEnded> _unacknowledged = [];
    private long _lastJob;
    private long _received;
    private long _lastEnded;
    private PoolProtocol.PoolEnding _ending;
    private bool _isLeft;

    public bool IsDurable => isDurable;

    /// <summary>The messages to the client, in order.</summary>
    public Queue<IWireMessage> Sent { get; } = new();

    /// <summary>Whether this pool, or one before the loss of its coordinator, has accepted a job.</summary>
    public bool WasAccepted(JobId job) => _accepted.Contains(job);

    /// <summary>Opens the pool, again after the loss of its coordinator.</summary>
    public PoolProtocol.PoolOpened Open()
    {
        Sent.Clear();
        _unacknowledged.Clear();
        (_received, _lastEnded, _ending, _isLeft) = (0, 0, PoolProtocol.PoolEnding.Open, false);
        if (!isDurable)
        {
            _pending.Clear();
            _lastJob = 0;
        }

        return new PoolProtocol.PoolOpened(PoolId.New(), new JobId(_lastJob), IsClosed: false);
    }

    public void Receive(IWireMessage message)
    {
        // A pool that its client has left confirms that alone.
        if (_isLeft && message is not PoolProtocol.DetachFromPool)
            return;
        switch (message)
        {
            case PoolProtocol.SubmitJobs submit: AcceptJobs(submit); break;
            case PoolProtocol.AcknowledgeJobsEnded acknowledge: Acknowledge(acknowledge.Number); break;
            case PoolProtocol.ComparePool compare: AnswerComparison(compare); break;
            case PoolProtocol.CancelJobs cancel: CancelJobs(cancel.Jobs); break;
            case PoolProtocol.WithdrawJobs withdraw: CancelJobs(withdraw.Jobs); break;
            case PoolProtocol.WithdrawAllJobs: CancelJobs([.. _pending.Values.Select(static job => job.Id)]); break;
            case PoolProtocol.AttachToJobs attach: AttachJobs(attach.Jobs); break;
            case PoolProtocol.ForgetOutcomes forget: ForgetOutcomes(forget.Jobs); break;
            case PoolProtocol.ClosePool close when close.Submitted <= _received: EndWith(PoolProtocol.PoolEnding.Closed); break;
            case PoolProtocol.TerminatePool: Terminate(); break;
            case PoolProtocol.DetachFromPool detach when detach.Submitted <= _received: Leave(); break;
        }
    }

    /// <summary>Ends one of the pending jobs.</summary>
    public void EndJob(int argument)
    {
        if (_pending.Count > 0)
            EndJob(_pending.ElementAt(argument % _pending.Count).Value.Id, JobStatus.Succeeded);
    }

    /// <summary>Ends all pending jobs except those that run until they are canceled.</summary>
    public void EndJobs(Predicate<JobId> runsUntilCanceled)
    {
        foreach (var job in _pending.Values.Where(job => !runsUntilCanceled(job.Id)).ToList())
            EndJob(job.Id, JobStatus.Succeeded);
    }

    private void AcceptJobs(PoolProtocol.SubmitJobs submit)
    {
        Acknowledge(submit.Acknowledged);
        if (submit.Number == _received + 1)
        {
            _received++;
            foreach (var job in submit.Jobs)
                AcceptJob(job);
        }

        if (submit.WantsReply && submit.Number <= _received)
            Sent.Enqueue(new PoolProtocol.JobsAccepted(_received));
    }

    private void AcceptJob(JobSpec job)
    {
        Assert.True(job.Id.Value > _lastJob, $"Job {job.Id} follows job {_lastJob}.");
        _lastJob = job.Id.Value;
        Assert.True(_accepted.Add(job.Id) || (!isDurable && !job.Policy.IsAtMostOnce), $"Job {job.Id} was accepted twice.");
        _pending.Add(job.Id.Value, job);
        // Jobs of a terminated pool do not run.
        if (_ending == PoolProtocol.PoolEnding.Ending)
            EndJob(job.Id, JobStatus.Canceled);
    }

    private void Acknowledge(long number)
    {
        Assert.InRange(number, 0, _lastEnded);
        foreach (var acknowledged in _unacknowledged.Keys.Where(key => key <= number).ToList())
            _unacknowledged.Remove(acknowledged);
    }

    private void AnswerComparison(PoolProtocol.ComparePool compare)
    {
        Acknowledge(compare.Acknowledged);
        foreach (var message in _unacknowledged.Values)
            Sent.Enqueue(message);
        CancelJobs(compare.Canceled);
        Sent.Enqueue(new PoolProtocol.ComparePoolReply(_received, _received, _ending));
        FinishIfDone();
    }

    private void CancelJobs(ImmutableArray<JobId> jobs)
    {
        foreach (var job in jobs)
            EndJob(job, JobStatus.Canceled);
    }

    private void EndJob(JobId job, JobStatus status)
    {
        if (!_pending.Remove(job.Value))
            return;
        var outcome = new JobOutcome(job, status, default, null, 1);
        if (isDurable)
            _retained.Add(job, outcome);
        SendEnded([outcome]);
        FinishIfDone();
    }

    private void SendEnded(ImmutableArray<JobOutcome> outcomes)
    {
        var message = new PoolProtocol.JobsEnded(outcomes, ++_lastEnded, _received);
        _unacknowledged.Add(message.Number, message);
        Sent.Enqueue(message);
    }

    private void AttachJobs(ImmutableArray<JobId> jobs)
    {
        foreach (var job in jobs)
        {
            if (_retained.TryGetValue(job, out var outcome))
                SendEnded([outcome]);
            else if (!_pending.ContainsKey(job.Value))
                ReportUnknown(job);
        }
    }

    /// <summary>A client that terminates the pool does not send its waiting jobs, and may attach to them after a reconnect.</summary>
    private void ReportUnknown(JobId job)
    {
        Assert.False(_accepted.Contains(job), $"The outcome of job {job} was forgotten before the client had it.");
        SendEnded([new JobOutcome(job, JobStatus.Unknown, default, null, 0)]);
    }

    private void ForgetOutcomes(ImmutableArray<JobId> jobs)
    {
        foreach (var job in jobs)
        {
            Assert.DoesNotContain(job.Value, _pending.Keys);
            _retained.Remove(job);
        }
    }

    private void Terminate()
    {
        foreach (var job in _pending.Values.ToList())
        {
            if (isDurable)
                EndJob(job.Id, JobStatus.Canceled);
            else
                _pending.Remove(job.Id.Value);
        }

        EndWith(PoolProtocol.PoolEnding.Ending);
    }

    private void EndWith(PoolProtocol.PoolEnding ending)
    {
        if (ending > _ending)
            _ending = ending;
        FinishIfDone();
    }

    private void FinishIfDone()
    {
        if (_ending != PoolProtocol.PoolEnding.Open && _pending.Count == 0)
            Sent.Enqueue(new PoolProtocol.PoolFinished(0, _lastEnded));
    }

    private void Leave()
    {
        _isLeft = true;
        Sent.Enqueue(new PoolProtocol.PoolFinished(0));
    }
}
