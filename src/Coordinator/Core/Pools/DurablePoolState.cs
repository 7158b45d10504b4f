using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Decides about a pool that outlives its clients and its coordinator, and that several programs use at the same time: phases, sessions,
/// builds, the assignment of named jobs, retained outcomes, and the end. It confirms an accepted job, or reports an outcome, only after the
/// record is written. Without clients it continues. Without clients and jobs it unloads, and is read from the store when it is opened
/// again. Has no actor, no clock and no threads: messages come in, and go out to <see cref="IRecipient"/>.
/// </summary>
public sealed partial class DurablePoolState
{
    private readonly PoolId _id;
    private readonly PoolJournal _journal;
    private readonly IDurablePoolHost _host;
    private readonly bool _runsEveryBuild;
    private readonly DurablePoolLifecycle _lifecycle = new();
    private PoolKeys _keys = new();

    /// <param name="id">The id of the pool, which its name determines.</param>
    /// <param name="journal">Writes the records. Its answers are passed to <see cref="ReceiveMessage"/>.</param>
    /// <param name="host">Carries out the decisions.</param>
    /// <param name="runsEveryBuild">
    /// Whether the nodes can load the code of every build. Otherwise only the jobs of connected clients run.
    /// </param>
    /// <param name="kept">The memory of the pool, which is limited.</param>
    public DurablePoolState(PoolId id, PoolJournal journal, IDurablePoolHost host, bool runsEveryBuild, DurableCharge kept)
    {
        (_id, _journal, _host, _runsEveryBuild, _kept) = (id, journal, host, runsEveryBuild, kept);
        _assignments = new JobAssignments(Ledger.Builds);
    }

    /// <summary>Whether the host stops the pool. It does not answer any more.</summary>
    public bool IsUnloaded => _lifecycle.IsUnloaded;

    /// <summary>Whether the pool cannot write, and ends.</summary>
    public bool IsInterrupted => _lifecycle.IsInterrupted;

    private PoolLedger Ledger => _journal.Ledger;

    /// <summary>
    /// Whether a sender may send a message. Any client can look up, open, manage or close the pool. A client that leaves may have been
    /// disconnected before.
    /// </summary>
    public bool IsAllowed(IWireMessage message, IRecipient sender) => message switch
    {
        PoolProtocol.OpenPool { Spec.Name: null } => false,
        PoolProtocol.FindPool or PoolProtocol.OpenPool or PoolProtocol.DetachFromPool or PoolProtocol.CloseDurablePool
            or PoolProtocol.ListJobs or PoolProtocol.ChangeJobs => true,
        PoolProtocol.PoolOpened or PoolProtocol.JobsEnded or PoolProtocol.JobsNotWithdrawn or PoolProtocol.QueryJobReply
            or PoolProtocol.MapProgressReport or PoolProtocol.WorkerStarted or PoolProtocol.WorkerEnded or PoolProtocol.PoolFailed
            or PoolProtocol.PoolFinished => FindBuild(sender) is not null,
        _ => _links.ContainsKey(sender),
    };

    /// <summary>Handles a message of a client, a build or the journal that its sender may send.</summary>
    public void ReceiveMessage(object message, IRecipient sender)
    {
        switch (message)
        {
            case PoolOpening opening: OpenPool(opening, sender); break;
            case PoolProtocol.DetachFromPool detach: DetachClient(detach, sender); break;
            case PoolProtocol.CloseDurablePool or PoolProtocol.ListJobs or PoolProtocol.ChangeJobs: ManageWhenRead(message, sender); break;
            case var _ when _links.TryGetValue(sender, out var link): ReceiveFromSession(link, message); break;
            case var _ when FindBuild(sender) is { } build: ReceiveFromBuild(build, message); break;
            default: ReceiveFromJournal(message); break;
        }
    }

    /// <summary>Forgets old outcomes, and ends idle builds and an idle pool. Called twice a second.</summary>
    /// <param name="now">The time of a clock that does not jump.</param>
    /// <param name="sinceEpoch">The time in milliseconds since 1970, UTC.</param>
    public void OnTick(TimeSpan now, long sinceEpoch)
    {
        AnswerWaitingComparisons();
        if (!_lifecycle.IsRunning)
            return;
        ForgetOldOutcomes(sinceEpoch);
        _journal.WriteNext();
        // Other pools may have freed memory.
        UpdatePause();
        StopIfIdle(now);
        DeleteIfSettled();
    }

    /// <summary>A client has ended, or a build has failed.</summary>
    /// <exception cref="InvalidOperationException">A build has failed: the pool must be loaded again.</exception>
    public void OnLost(IRecipient lost)
    {
        if (_links.TryGetValue(lost, out var link))
            Disconnect(link);
        else if (FindBuild(lost) is not null)
            throw new InvalidOperationException($"A build of the durable pool '{Name}' has failed. The pool is loaded again.");
    }

    /// <summary>The coordinator stops. It does not wait for pending writes: these jobs run again elsewhere.</summary>
    public void OnStopped()
    {
        EndCharges();
        if (!IsInterrupted && _journal.UnwrittenCompletions > 0)
            _host.PublishEvent(new DurablePoolEvent.Stopped(Name, _journal.UnwrittenCompletions));
    }

    /// <summary>Forgets outcomes that were retained for their time.</summary>
    private void ForgetOldOutcomes(long now)
    {
        var old = Ledger.FindExpiredOutcomes(now);
        if (old.IsEmpty)
            return;
        _shared.RemoveJobs(old);
        ForgetWhenWritten(old);
    }

    private void WhenWritten(Action action)
    {
        _journal.WhenWritten(action);
        _journal.WriteNext();
    }

    private void TellClients(object message)
    {
        foreach (var client in _links.Keys)
            client.Send(message);
    }
}
