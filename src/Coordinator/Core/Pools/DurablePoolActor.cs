using System.Collections.Immutable;
using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// A pool that outlives its client and its coordinator. It confirms an accepted job, or reports an outcome, only after the record is
/// written. Without a client it continues. Without a client and jobs it unloads, and is read from the store when it is opened again.
/// </summary>
internal sealed partial class DurablePoolActor : PoolActor
{
    /// <summary>The prefix of the persistence ids of pools.</summary>
    public const string JournalPrefix = "pool-";

    /// <summary>How long a pool without client and jobs keeps its executors, in case the client reconnects.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private readonly object _unloadedMessage;
    private readonly PoolJournal _journal;
    private readonly TimeProvider _clock;
    private JobId _lastJournaled;
    private PoolKeys _keys = new();
    private TimeSpan? _idleSince;
    private long _nextExpiry;

    /// <param name="id">The id of the pool, which its name determines.</param>
    /// <param name="nodes">The actor that grants executors.</param>
    /// <param name="plugins">The plugins of the store.</param>
    /// <param name="clock">The clock that measures the retention of outcomes.</param>
    /// <param name="unloadedMessage">
    /// The message to the parent that the pool may be stopped. Until then the parent forwards messages to it.
    /// </param>
    public DurablePoolActor(PoolId id, IActorRef nodes, JournalPlugins plugins, TimeProvider clock, object unloadedMessage)
        : base(nodes)
    {
        (_clock, _unloadedMessage) = (clock, unloadedMessage);
        var self = Self;
        var writer = Context.ActorOf(ActorProps.Create(() => new JournalActor(JournalPrefix + id, self, plugins)), "journal");
        _journal = new PoolJournal(writer, self, clock);
        ReceiveFromJournal();
        Receive<PoolProtocol.FindPool>(AnswerFind);
        Receive<PoolProtocol.OpenPool>(OpenPool);
        Receive<OpenWaitEnded>(_ => UnloadIfEmpty());
        Receive<LateTimeElapsed>(_ => UnloadPool());
        Receive<PoolProtocol.AttachToJobs>(AttachJobs);
        Receive<PoolProtocol.ForgetOutcomes>(ForgetOutcomes);
        Receive<PoolProtocol.DetachFromPool>(DetachClient);
    }

    private PoolLedger Ledger => _journal.Ledger;

    /// <summary>Any client can open the pool. A client that detaches may have been replaced by another client before.</summary>
    protected override bool IsAllowed(IWireMessage message) =>
        message is PoolProtocol.FindPool or PoolProtocol.OpenPool or PoolProtocol.DetachFromPool || base.IsAllowed(message);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        // A coordinator that is stopped does not wait for pending writes. These jobs run again elsewhere.
        if (_interruption is null && _journal.UnwrittenCompletions > 0)
            PublishEvent($"stops here; {_journal.UnwrittenCompletions:N0} completions were refused: they were not written in time");
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override void OnTick()
    {
        base.OnTick();
        ForgetOldOutcomes();
        _journal.WriteNext();
        UnloadIfIdle();
        DeleteIfSettled();
    }

    /// <summary>
    /// Forgets outcomes that were retained for their time. Looks through them only when one is due: there may be millions.
    /// </summary>
    private void ForgetOldOutcomes()
    {
        if (Ledger.Spec is not { ResultRetentionMilliseconds: > 0 and var time })
            return;
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (now < _nextExpiry)
            return;
        var old = Ledger.GetRetainedSince(now - time);
        if (!old.IsEmpty)
            ForgetWhenWritten(old);
        // Outcomes that are retained from now on expire later than all others.
        _nextExpiry = (Ledger.OldestRetention ?? now) + time;
    }

    /// <inheritdoc/>
    protected override void SubmitJobs(PoolProtocol.SubmitJobs submit)
    {
        if (_hasEnded && !_isUnloading)
        {
            base.SubmitJobs(submit);
            return;
        }

        // After a lost connection the client sends again all jobs that were not confirmed.
        var (unknown, existing) = _keys.AddJobs(submit.Jobs, _lastJournaled);
        foreach (var jobs in unknown.IsEmpty ? [] : WireLimits.SplitIntoBatches(unknown, WireLimits.SizeOf))
        {
            _journal.NextBatch.AddAccepted(jobs);
            _journal.WhenWritten(() => UpdateState(() => State.SubmitJobs(jobs, Now)));
        }

        if (!submit.Jobs.IsEmpty && submit.Jobs[^1].Id.Value > _lastJournaled.Value)
            _lastJournaled = submit.Jobs[^1].Id;
        AnswerWhenWritten(submit, existing);
    }

    /// <summary>Cancels jobs after their submission is written: the state does not know them before.</summary>
    protected override void CancelJobs(PoolProtocol.CancelJobs cancel)
    {
        _journal.WhenWritten(() => base.CancelJobs(cancel));
        _journal.WriteNext();
    }

    /// <inheritdoc/>
    protected override void WithdrawJobs(Action withdraw)
    {
        _journal.WhenWritten(() => base.WithdrawJobs(withdraw));
        _journal.WriteNext();
    }

    /// <inheritdoc/>
    protected override void OnClientLost()
    {
        Client = ActorRefs.Nobody;
        ResetClient();
    }

    /// <inheritdoc/>
    protected override bool IsKnownJob(JobId job) => job.Value <= _lastJournaled.Value;

    /// <inheritdoc/>
    protected override long UnwrittenBytes => _journal.NextBatch.Size;

    /// <inheritdoc/>
    protected override void ApplyReport(NodeProtocol.IExecutorReport report)
    {
        var before = State.StaleCompletions;
        base.ApplyReport(report);
        if (State.StaleCompletions > before)
            PublishEvent($"{State.StaleCompletions - before:N0} completions were refused: they arrived too late");
    }

    /// <inheritdoc/>
    protected override void ForwardOutput(NodeProtocol.ExecutorOutput output)
    {
        // Without a client nobody reads the output. It is acknowledged so that the process does not block.
        if (Client.IsNobody())
            SendToExecutor(output.Executor, new NodeProtocol.ExecutorOutputReceived(output.IsError));
        else
            base.ForwardOutput(output);
    }

    /// <inheritdoc/>
    protected override void ApplyEffect(PoolEffect effect)
    {
        switch (effect)
        {
            case PoolEffect.RecordLostAttempt or PoolEffect.SendOutcomes when _isUnloading:
                // The pool resumes when it is loaded again, as if this had not happened.
                return;
            case PoolEffect.RecordLostAttempt charge:
                _journal.NextBatch.AddLoss(charge.Job, charge.Attempt);
                break;
            case PoolEffect.SendFailure fail:
                PublishEvent($"has failed: {fail.Reason.Message}");
                base.ApplyEffect(fail);
                break;
            case PoolEffect.SendOutcomes end when _hasEnded && !end.Outcomes.Any(outcome => Ledger.IsPending(outcome.Id)):
                // The job was never accepted: a pool that has ended retains no more outcomes.
                SendEnded(end.Outcomes);
                break;
            case PoolEffect.SendOutcomes end:
                foreach (var part in WireLimits.SplitIntoBatches(end.Outcomes, WireLimits.SizeOf))
                    WriteOutcomes(part);
                break;
            case PoolEffect.SendJobs run when run.Jobs.Any(job => job.Policy.IsAtMostOnce):
                _journal.NextBatch.AddBegun(run.Jobs.Where(job => job.Policy.IsAtMostOnce).Select(job => job.Id));
                _journal.WhenWritten(() => base.ApplyEffect(run));
                break;
            case PoolEffect.FinishPool finish when !_isUnloading:
                _journal.WhenWritten(() => base.ApplyEffect(finish));
                break;
            default:
                base.ApplyEffect(effect);
                break;
        }

        _journal.WriteNext();
    }

    private void WriteOutcomes(ImmutableArray<JobOutcome> outcomes)
    {
        if (Ledger.Spec!.DropsOutcomes)
            WriteEnds(outcomes);
        else
            _journal.NextBatch.AddEnded(outcomes);
        _journal.WhenWritten(() => SendEnded(outcomes));
    }

    /// <summary>Writes that jobs have ended and are forgotten, without their results.</summary>
    private void WriteEnds(ImmutableArray<JobOutcome> outcomes)
    {
        _journal.NextBatch.AddEnded([.. outcomes.Select(outcome => outcome with { Payload = default, Failure = null })]);
        _journal.NextBatch.AddForgotten([.. outcomes.Select(outcome => outcome.Id)]);
        foreach (var outcome in _keys.IsEmpty ? [] : outcomes)
            _keys.ForgetJob(outcome.Id);
    }
}
