using System.Collections.Immutable;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;
using Akka.Actor;

namespace Actors.Simulation.Tests.Pools;

/// <summary>
/// Mirrors <c>DurablePoolActor</c>: the real <see cref="PoolLedger"/> and <see cref="PoolJournal"/> over the simulated store.
/// </summary>
internal sealed class SimulatedDurablePool : SimulatedPool
{
    private readonly PoolJournal _journal;
    private readonly SimulatedStore _store;
    private (PoolProtocol.OpenPool Message, SimulatedPart Client)? _opening;
    private long _lastNumber;
    private JobId _lastJournaled;
    private bool _isStarting;
    private bool _hasEnded;
    private bool _isEndAwaited;
    private bool _isInterrupted;

    public SimulatedDurablePool(SimulatedCoordinator coordinator, SimulatedStore store)
        : base(coordinator)
    {
        coordinator.AddDurablePool(this);
        _store = store;
        _journal = new PoolJournal(new JournalRef(OnJournal), ActorRefs.Nobody, TimeProvider.System);
        foreach (var record in store.Records)
            Ledger.ApplyRecord(record);
        _lastNumber = store.LastNumber;
        _lastJournaled = Ledger.LastJob;
        if (Ledger.Spec is not null)
            StartFromLedger();
    }

    public bool IsInterrupted => _isInterrupted;

    private PoolLedger Ledger => _journal.Ledger;

    public override void Receive(object message, SimulatedPart sender)
    {
        switch (message)
        {
            case PoolProtocol.OpenPool open: OpenPool(open, sender); break;
            case PoolProtocol.AttachToJobs attach when sender == Client: AttachJobs(attach.Jobs); break;
            case PoolProtocol.ForgetOutcomes forget when sender == Client: ForgetOutcomes(forget.Jobs); break;
            case var _ when HasState: base.Receive(message, sender); break;
        }
    }

    protected override void OnTick()
    {
        base.OnTick();
        _journal.WriteNext();
    }

    protected override void SubmitJobs(PoolProtocol.SubmitJobs submit)
    {
        var client = Client;
        var unknown = submit.Jobs.Where(job => job.Id.Value > _lastJournaled.Value).ToImmutableArray();
        if (World.Bug == PlantedBug.AcknowledgeBeforeWrite)
            SendAccepted(submit, client);
        if (!unknown.IsEmpty)
        {
            _lastJournaled = unknown[^1].Id;
            _journal.NextBatch.AddAccepted(unknown);
            _journal.WhenWritten(() => UpdateState(state => state.SubmitJobs(unknown, Now)));
        }

        _journal.WhenWritten(() => SendAccepted(submit, client));
        _journal.WriteNext();
    }

    protected override void CancelJobs(ImmutableArray<JobId> jobs) => WhenWritten(() => base.CancelJobs(jobs));

    protected override void WithdrawJobs(ImmutableArray<JobId> jobs) => WhenWritten(() => base.WithdrawJobs(jobs));

    protected override void WithdrawAllJobs() => WhenWritten(base.WithdrawAllJobs);

    protected override void ClosePool()
    {
        var client = Client;
        _journal.NextBatch.AddClosed();
        WhenWritten(() =>
        {
            var wasOver = _hasEnded;
            _isEndAwaited |= client == Client;
            UpdateState(state => state.ClosePool());
            if (wasOver && _isEndAwaited)
                SendFinished(0);
        });
    }

    protected override void OnClientLost()
    {
        ResetClient();
        Client = null;
    }

    protected override void OnAllAcknowledged()
    {
    }

    protected override void FinishPool(long dropped)
    {
        if (_isEndAwaited && !_isInterrupted)
            SendFinished(dropped);
        _hasEnded = true;
    }

    protected override void ApplyEffect(PoolEffect effect)
    {
        switch (effect)
        {
            case PoolEffect.RecordLostAttempt or PoolEffect.SendOutcomes when _isInterrupted: return;
            case PoolEffect.RecordLostAttempt loss: _journal.NextBatch.AddLoss(loss.Job, loss.Attempt); break;
            case PoolEffect.SendOutcomes end: WriteOutcomes(end.Outcomes); break;
            case PoolEffect.SendJobs run when run.Jobs.Any(job => job.Policy.IsAtMostOnce) && World.Bug != PlantedBug.BeginBeforeWrite:
                _journal.NextBatch.AddBegun(run.Jobs.Where(job => job.Policy.IsAtMostOnce).Select(job => job.Id));
                _journal.WhenWritten(() => base.ApplyEffect(run));
                break;
            case PoolEffect.FinishPool finish when !_isInterrupted: _journal.WhenWritten(() => base.ApplyEffect(finish)); break;
            default: base.ApplyEffect(effect); break;
        }

        _journal.WriteNext();
    }

    private void WhenWritten(Action action)
    {
        _journal.WhenWritten(action);
        _journal.WriteNext();
    }

    private void WriteOutcomes(ImmutableArray<JobOutcome> outcomes)
    {
        World.OnOutcomesReported(Reported, outcomes);
        _journal.NextBatch.AddEnded(outcomes);
        if (World.Bug == PlantedBug.ReportBeforeWrite)
            SendEnded(outcomes);
        else
            _journal.WhenWritten(() => SendEnded(outcomes));
    }

    private void SendAccepted(PoolProtocol.SubmitJobs submit, SimulatedPart? client)
    {
        if (client is null)
            return;
        if (client == Client)
            LastAccepted = Math.Max(LastAccepted, submit.Number);
        Send(client, new PoolProtocol.JobsAccepted(submit.Number));
    }

    private void StartFromLedger()
    {
        _isStarting = true;
        _journal.NextBatch.AddFence();
        if (_opening is { } opening && (Ledger.Spec is null || Ledger.PendingCount == 0))
            _journal.NextBatch.AddOpened(opening.Message.Spec);
        WhenWritten(StartWrittenPool);
    }

    private void StartWrittenPool()
    {
        _isStarting = false;
        StartPool(new PoolId(World.NextGuid()), Ledger.Spec!);
        State.RestoreJobs([.. Ledger.Pending.Select(job => new StoredJob(job.Job, job.Losses, job.MayHaveBegun))], Now);
        foreach (var (job, losses, _) in Ledger.Pending)
            World.OnRestored(this, job.Id, losses.Count);

        UpdateState(state =>
        {
            if (Ledger.IsClosed)
                state.ClosePool();
        });
        if (_opening is not { } opening)
            return;
        _opening = null;
        WhenWritten(() => AdmitClient(opening.Message, opening.Client));
    }

    private void OpenPool(PoolProtocol.OpenPool open, SimulatedPart client)
    {
        if (_isInterrupted)
        {
            Send(client, new PoolProtocol.PoolInterrupted("The store failed."));
        }
        else if (HasState)
        {
            WhenWritten(() => AdmitClient(open, client));
        }
        else
        {
            _opening = (open, client);
            if (!_isStarting)
                StartFromLedger();
        }
    }

    private void AdmitClient(PoolProtocol.OpenPool open, SimulatedPart client)
    {
        if (_isInterrupted)
            return;
        if (Client != client)
        {
            if (Client is { } previous)
            {
                Unwatch(previous);
                OnClientLost();
            }

            ResetClient();
            (Client, _isEndAwaited) = (client, false);
            Watch(client);
        }

        SendToClient(new PoolProtocol.PoolOpened(open.Pool, Ledger.LastJob, Ledger.IsClosed || _hasEnded));
    }

    private void AttachJobs(ImmutableArray<JobId> jobs)
    {
        RetainOutcomes();
        var outcomes = ImmutableArray.CreateBuilder<JobOutcome>();
        foreach (var id in jobs)
        {
            if (Ledger.TryGetOutcome(id, out var outcome))
                outcomes.Add(outcome);
            else if (!Ledger.IsPending(id))
                outcomes.Add(new JobOutcome(id, JobStatus.Unknown, default, null, 0));
        }

        SendEnded(outcomes.DrainToImmutable());
    }

    private void ForgetOutcomes(ImmutableArray<JobId> jobs)
    {
        _journal.NextBatch.AddForgotten(jobs);
        _journal.WriteNext();
    }

    private void OnJournal(object message)
    {
        if (message is not JournalProtocol.WriteRecord { Record: PoolRecord record })
            return;
        // The store and the journal's actor are not the pool's: no state is touched before the answer.
        _store.Write(this, ++_lastNumber, record, isWritten =>
        {
            if (IsStopped || _isInterrupted)
                return;
            if (isWritten)
                _journal.OnWritten();
            else
                InterruptPool();
        });
    }

    private void InterruptPool()
    {
        _isInterrupted = true;
        SendToClient(new PoolProtocol.PoolInterrupted("The store failed."));
        if (_opening is { } opening)
            Send(opening.Client, new PoolProtocol.PoolInterrupted("The store failed."));
        if (HasState)
            UpdateState(state => state.TerminatePool());
        RunAfter(TimeSpan.FromSeconds(2), StopPool);
    }
}
