using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>Reads the pool from its journal and connects clients.</summary>
public sealed partial class DurablePoolState
{
    /// <summary>The number of jobs read between two log events about progress.</summary>
    private const int ProgressEvery = 100_000;

    /// <summary>
    /// The number of sessions that the pool remembers although they have no jobs and no connection, in case their programs connect again.
    /// </summary>
    private const int MaxIdleSessions = 1000;

    /// <summary>How long a new pool waits to be opened before it unloads.</summary>
    public static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The bytes of the options and functions of builds above which few idle sessions are remembered.</summary>
    private const long ManyBuildBytes = 32L << 20;

    /// <summary>The number of idle sessions that are remembered then.</summary>
    private const int FewIdleSessions = 10;

    /// <summary>
    /// The greatest range with which a program continues in a pool that was created anew. The ranges after it are left to new sessions, so
    /// that no program can use up all ranges.
    /// </summary>
    private const long LastContinuedRange = 100_000_000;

    private readonly OpeningClients _opening = new();
    private long _nextRange;
    private int _reported;
    private bool _isSendingOutcomes;

    private void ReceiveFromJournal(object message)
    {
        switch (message)
        {
            case JournalProtocol.RecordRead read: ApplyRecord(read.Record); break;
            case JournalProtocol.ReadCompleted: StartFromLedger(); break;
            case JournalProtocol.RecordWritten: OnRecordWritten(); break;
            case JournalProtocol.CompactionFailed failed:
                _host.PublishEvent(new DurablePoolEvent.NotCompacted(Name, failed.Reason));
                break;
            case JournalProtocol.JournalDeleted:
                _host.PublishEvent(new DurablePoolEvent.Deleted(Name));
                UnloadPool();
                break;
            case JournalProtocol.JournalFailed unusable:
                InterruptPool($"The durable pool '{Name}' {unusable.Reason}", unusable.IsOwnedElsewhere);
                break;
        }
    }

    /// <summary>
    /// Runs the actions that wait for a record. The ledger contains the whole record from the first of them on, and each sends some
    /// outcomes: so the end of jobs is reported after the last one.
    /// </summary>
    private void OnRecordWritten()
    {
        _isSendingOutcomes = true;
        _journal.OnWritten();
        _isSendingOutcomes = false;
        UpdateKept();
        EndIfDone();
    }

    private void ApplyRecord(object record)
    {
        if (record is PoolSnapshot snapshot)
            Ledger.RestoreSnapshot(snapshot);
        else if (record is PoolRecord next)
            Ledger.ApplyRecord(next);
        if (Ledger.PendingCount < _reported + ProgressEvery)
            return;
        _reported = Ledger.PendingCount;
        _host.PublishEvent(new DurablePoolEvent.Loading(Name, _reported));
    }

    private string Name => WireLimits.CutName(Ledger.Spec?.Name ?? _opening.LastName);

    /// <summary>
    /// Refuses to create the pool above a limit. A pool that exists is always opened: its clients may receive results, which frees memory.
    /// </summary>
    private bool RefuseNewPoolOverLimit(IRecipient client, PoolOpening opening)
    {
        if (_kept.FindRefusal($"The durable pool '{Name}'", WireLimits.SizeOf(opening.Message.Spec)) is not { } refusal)
            return false;
        client.Send(new PoolProtocol.PoolRefused(opening.Message.Pool, refusal, IsOverLimit: true));
        return true;
    }

    /// <summary>
    /// Starts the pool from its journal. It writes a record first: a coordinator that owned the journal before, and may not know that it
    /// lost it, can write nothing more.
    /// </summary>
    private void StartFromLedger()
    {
        if (Ledger.Spec is null)
            _opening.RemoveRefused(RefuseNewPoolOverLimit);
        var isEmpty = Ledger.Spec is null && !_opening.HasWaiting;
        _lifecycle.Start(isEmpty);
        if (isEmpty)
        {
            HandleEarlyRequests();
            _host.StartOpenTime();
            return;
        }

        (_keys, _nextRange) = (Ledger.Keys.CreateCopy(), Ledger.Sessions.NextRange);
        UpdateKept();
        _journal.NextBatch.AddFence();
        _journal.WhenWritten(RunPool);
        foreach (var (client, opening) in _opening.TakeWaiting())
            ConnectClient(opening, client);
        _journal.WriteNext();
    }

    private void RunPool()
    {
        _lifecycle.Run(Ledger.IsClosed);
        _host.PublishEvent(new DurablePoolEvent.Started(Name, Ledger.PendingCount, Ledger.RetainedCount));
        EndCanceledJobs();
        foreach (var bundle in Ledger.PinnedBundles.Union(AssignLoadedJobs()).ToList())
            StartBuildIfNeeded(bundle);
        // Before clients connect, which may open an ended pool for its outcomes.
        EndDone();
        // The builds have their jobs by now, which a request may cancel.
        HandleEarlyRequests();
    }

    private void OpenPool(PoolOpening opening, IRecipient client)
    {
        // A client without an answer looks the pool up again.
        if (IsUnloaded)
            return;
        if (_lifecycle.Interruption is { } interruption)
            client.Send(new PoolProtocol.PoolInterrupted(interruption));
        else if (_lifecycle.ConnectsClients)
            ConnectClient(opening, client);
        else
            QueueOpening(opening, client);
    }

    private void QueueOpening(PoolOpening opening, IRecipient client)
    {
        if (_opening.IsWaiting(client) || TryChargeOpening(opening, client) is not { } charge)
            return;
        _opening.AddWaiting(client, opening, charge);
        if (_lifecycle.IsEmpty)
            StartFromLedger();
    }

    private static OpenPoolCharge? TryChargeOpening(PoolOpening opening, IRecipient client)
    {
        if (OpenPoolCharge.TryCreate(opening.Usage, opening.Message, out var refusal) is { } charge)
            return charge;
        client.Send(new PoolProtocol.PoolRefused(opening.Message.Pool, refusal, IsOverLimit: true));
        return null;
    }

    /// <summary>
    /// Connects a client once its session and all accepted jobs are written: a client that continues a session learns which jobs were
    /// accepted.
    /// </summary>
    private void ConnectClient(PoolOpening opening, IRecipient client)
    {
        if (_links.TryGetValue(client, out var known))
        {
            // The answer was slow or lost.
            SendOpened(known);
            return;
        }

        if (DeleteIfSettled())
        {
            QueueOpening(opening, client);
            return;
        }

        if (_opening.IsConnecting(client))
            return;
        var open = opening.Message;
        var functions = open.Functions.IsDefault ? [] : open.Functions;
        if (FindRefusal(functions) is { } refusal)
        {
            client.Send(new PoolProtocol.PoolRefused(open.Pool, refusal));
            return;
        }

        // Checked first: a refused client must not use a range of ids.
        if (TryChargeOpening(opening, client) is not { } opened)
            return;
        if (GetOrAddSession(open, client) is not { } session)
        {
            opened.Dispose();
            return;
        }

        // A running build keeps its options. The end of its last session may not be written yet, after which the ledger forgets them.
        if (!_builds.TryGetValue(open.Spec.Bundle, out var build) || build.IsEnding
            || !_links.Values.Any(link => link.Bundle == open.Spec.Bundle))
        {
            _journal.AddOpened(open.Spec);
            _journal.NextBatch.AddBuild(new StoredBuild(open.Spec.Bundle, functions));
        }

        _opening.AddConnecting(client, opened);
        WhenWritten(() => AddLink(session, new ClientLink(client, opening.Usage, opened), isContinued: open.Range >= 0));
    }

    /// <returns>The id of the session; null if the client was refused.</returns>
    private SessionId? GetOrAddSession(PoolProtocol.OpenPool open, IRecipient client)
    {
        if (Ledger.Sessions.FindSession(open.Session) is { } known && known.Bundle == open.Spec.Bundle)
            return known.Id;
        // Otherwise the pool was deleted and created anew since. It must not assign the range of the client to another session.
        var range = open.Range < 0 ? _nextRange : open.Range;
        if (range < _nextRange || range > (open.Range < 0 ? SessionRange.Last : LastContinuedRange))
        {
            client.Send(new PoolProtocol.PoolRefused(
                open.Pool,
                $"The durable pool '{Name}' does not know the session of this program any more: the pool was deleted and created again, or "
                + "its other programs have opened it many times since. Open the pool again."));
            return null;
        }

        _nextRange = range + 1;
        EndIdleSessions();
        _journal.NextBatch.AddSession(new StoredSession(
            open.Session, range, open.Spec.Bundle, Retention: OutcomeRetention.FromSpec(open.Spec)));
        return open.Session;
    }

    private void EndIdleSessions()
    {
        var connected = _links.Values.Select(link => link.Range).ToHashSet();
        var idle = Ledger.Sessions.All.Where(session => session.Pending == 0 && !connected.Contains(session.Range)).ToList();
        var remembered = Ledger.BuildBytes > ManyBuildBytes ? FewIdleSessions : MaxIdleSessions;
        foreach (var session in idle.Take(Math.Max(0, idle.Count - remembered)))
            _journal.NextBatch.AddEndedSession(session.Range);
    }

    private void AddLink(SessionId session, ClientLink client, bool isContinued)
    {
        _opening.RemoveConnecting(client.Client);
        // A client without an answer opens the pool again.
        if (!_lifecycle.IsRunning || Ledger.Sessions.FindSession(session) is not { } written)
        {
            client.EndCharges();
            return;
        }

        // The program has connected again before the loss of its former connection was noticed. If a late request of the former connection
        // replaces the current one, the program must connect again.
        foreach (var former in _links.Values.Where(link => link.Id == session).ToList())
        {
            former.Link.Client.Send(new PoolProtocol.PoolInterrupted("The program has opened the pool over another connection."));
            Disconnect(former);
        }

        var link = new SessionLink(client, written);
        _links.Add(client.Client, link);
        _host.WatchClient(client.Client);
        StartBuildIfNeeded(link.Bundle);
        UpdateAssignments();
        SendOpened(link);
        // Others open a pool that has ended for its retained outcomes.
        if (_lifecycle.HasEnded && isContinued)
            link.Link.SendFinished(0);
    }

    private void SendOpened(SessionLink link)
    {
        link.Link.Client.Send(new PoolProtocol.PoolOpened(_id, link.LastJournaled, Ledger.IsClosed, link.Range));
        foreach (var worker in _builds.Values.SelectMany(build => build.Workers.Values))
            link.Link.Client.Send(worker);
    }
}
