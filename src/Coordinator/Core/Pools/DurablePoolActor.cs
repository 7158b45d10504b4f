using System.Collections.Immutable;
using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// A pool that outlives its client and its coordinator: nobody is told that a job was accepted, or how it ended, before that is written. Without a client
/// it goes on; without anything to do either, it unloads, and is read again when it is opened.
/// </summary>
internal sealed partial class DurablePoolActor : PoolActor
{
    /// <summary>What the journals of pools begin with.</summary>
    public const string JournalPrefix = "pool-";

    /// <summary>How long a pool without client and jobs keeps its executors: the client may be on its way back.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private readonly object _farewell;
    private readonly PoolJournal _journal;
    private readonly TimeProvider _clock;
    private JobId _lastNoted;
    private TimeSpan? _idleSince;

    /// <param name="id">The pool, for as long as it has a name.</param>
    /// <param name="nodes">Grants executors.</param>
    /// <param name="plugins">Where it writes.</param>
    /// <param name="clock">For how long outcomes are kept.</param>
    /// <param name="farewell">What it tells its parent when it may be stopped, with a message that is behind all others; until then the parent sends on.</param>
    public DurablePoolActor(PoolId id, IActorRef nodes, JournalPlugins plugins, TimeProvider clock, object farewell)
        : base(nodes)
    {
        (_clock, _farewell) = (clock, farewell);
        var self = Self;
        var writer = Context.ActorOf(Props.Create(() => new JournalActor(JournalPrefix + id, self, plugins)), "journal");
        _journal = new PoolJournal(writer, self, clock);
        ReceiveFromJournal();
        Receive<PoolProtocol.FindPool>(Find);
        Receive<PoolProtocol.OpenPool>(Open);
        Receive<NobodyCame>(_ => GiveUpIfEmpty());
        Receive<NothingMoreCame>(_ => Unload());
        Receive<PoolProtocol.AttachToJobs>(Attach);
        Receive<PoolProtocol.ForgetOutcomes>(Forget);
        Receive<PoolProtocol.DetachFromPool>(Detach);
    }

    private PoolLedger Ledger => _journal.Ledger;

    /// <summary>Any client can open the pool. A client that detaches may have been replaced by another client before.</summary>
    protected override bool IsAllowed(IWireMessage message) =>
        message is PoolProtocol.FindPool or PoolProtocol.OpenPool or PoolProtocol.DetachFromPool || base.IsAllowed(message);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        // Whoever stops it so does not wait for what is being written: these jobs are done again elsewhere.
        if (_interruption is null && _journal.UnwrittenCompletions > 0)
            Tell($"ends here; {_journal.UnwrittenCompletions:N0} completions were refused, which are not written");
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override void OnTick()
    {
        base.OnTick();
        if (Ledger.Spec is { ResultRetentionMilliseconds: > 0 and var time }
            && Ledger.KeptSince(_clock.GetUtcNow().ToUnixTimeMilliseconds() - time) is { IsEmpty: false } old)
            _journal.Next.Forget(old);
        _journal.Flush();
        UnloadIfIdle();
        DeleteIfOver();
    }

    /// <inheritdoc/>
    protected override void Submit(PoolProtocol.SubmitJobs submit)
    {
        if (_isOver && !_isUnloading)
        {
            base.Submit(submit);
            return;
        }

        var client = Sender;
        // After a lost connection the client sends again what it does not know to be accepted.
        var unknown = submit.Jobs.Where(job => job.Id.Value > _lastNoted.Value).ToImmutableArray();
        foreach (var jobs in unknown.IsEmpty ? [] : WireLimits.SplitIntoBatches(unknown, WireLimits.SizeOf))
        {
            _lastNoted = jobs[^1].Id;
            _journal.Next.Accept(jobs);
            _journal.WhenWritten(() => Decide(() => State.Submit(jobs, Now)));
        }

        _journal.WhenWritten(() => Accept(submit, client));
        _journal.Flush();
    }

    private void Accept(PoolProtocol.SubmitJobs submit, IActorRef client)
    {
        if (client.Equals(Client))
            LastAccepted = Math.Max(LastAccepted, submit.Number);
        client.Tell(AcceptedOf(submit));
    }

    /// <summary>A job that is not written yet is not taken up yet: what is said of it waits for that.</summary>
    protected override void Cancel(PoolProtocol.CancelJobs cancel)
    {
        _journal.WhenWritten(() => base.Cancel(cancel));
        _journal.Flush();
    }

    /// <inheritdoc/>
    protected override void Withdraw(Action withdraw)
    {
        _journal.WhenWritten(() => base.Withdraw(withdraw));
        _journal.Flush();
    }

    /// <inheritdoc/>
    protected override void ClientGone()
    {
        ForgetClient();
        Client = ActorRefs.Nobody;
    }

    /// <inheritdoc/>
    protected override void Take(NodeProtocol.IExecutorReport report)
    {
        var before = State.StaleCompletions;
        base.Take(report);
        if (State.StaleCompletions > before)
            Tell($"{State.StaleCompletions - before:N0} completions were refused, which came too late");
    }

    /// <inheritdoc/>
    protected override void Output(NodeProtocol.ExecutorOutput output)
    {
        // What nobody reads must not hold the process up.
        if (Client.IsNobody())
            Tell(output.Executor, new NodeProtocol.ExecutorOutputReceived(output.IsError));
        else
            base.Output(output);
    }

    /// <inheritdoc/>
    protected override void CarryOut(PoolEffect effect)
    {
        switch (effect)
        {
            case PoolEffect.Charge or PoolEffect.End when _isUnloading:
                // It goes on where it is read next; nothing of this has happened.
                return;
            case PoolEffect.Charge charge:
                _journal.Next.Lose(charge.Job, charge.Attempt);
                break;
            case PoolEffect.Fail fail:
                Tell($"has failed: {fail.Reason.Message}");
                base.CarryOut(fail);
                break;
            case PoolEffect.End end when _isOver && !end.Outcomes.Any(outcome => Ledger.IsPending(outcome.Id)):
                // It was never accepted: a pool that is over keeps nothing more.
                SendEnded(end.Outcomes);
                break;
            case PoolEffect.End end:
                foreach (var part in WireLimits.SplitIntoBatches(end.Outcomes, WireLimits.SizeOf))
                    End(part);
                break;
            case PoolEffect.Run run when run.Jobs.Any(job => job.MaxAttempts <= 1):
                _journal.Next.Begin(run.Jobs.Where(job => job.MaxAttempts <= 1).Select(job => job.Id));
                _journal.WhenWritten(() => base.CarryOut(run));
                break;
            case PoolEffect.Finish finish when !_isUnloading:
                _journal.WhenWritten(() => base.CarryOut(finish));
                break;
            default:
                base.CarryOut(effect);
                break;
        }

        _journal.Flush();
    }

    private void End(ImmutableArray<JobOutcome> outcomes)
    {
        _journal.Next.End(outcomes);
        _journal.WhenWritten(() => SendEnded(outcomes));
    }

    private void Attach(PoolProtocol.AttachToJobs attach)
    {
        var outcomes = ImmutableArray.CreateBuilder<JobOutcome>();
        foreach (var id in attach.Jobs)
        {
            if (Ledger.TryFind(id, out var outcome))
                outcomes.Add(outcome);
            else if (!Ledger.IsPending(id))
                outcomes.Add(new JobOutcome(id, JobStatus.Unknown, default, null, 0));
        }

        if (outcomes.Count > 0)
            SendEnded(outcomes.DrainToImmutable());
    }
}
