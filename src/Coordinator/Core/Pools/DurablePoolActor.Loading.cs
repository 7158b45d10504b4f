using Actors.Coordinator.Clients;
using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>Reads the pool from its journal and connects clients.</summary>
internal sealed partial class DurablePoolActor
{
    /// <summary>The number of jobs read between two log events about progress.</summary>
    private const int ProgressEvery = 100_000;

    /// <summary>
    /// The number of sessions that the pool remembers although they have no jobs and no connection, in case their programs connect again.
    /// </summary>
    private const int MaxIdleSessions = 1000;

    /// <summary>How long a new pool waits to be opened before it unloads.</summary>
    internal static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The bytes of the options and functions of builds above which few idle sessions are remembered.</summary>
    private const long ManyBuildBytes = 32L << 20;

    /// <summary>The number of idle sessions that are remembered then.</summary>
    private const int FewIdleSessions = 10;

    /// <summary>The clients that wait until the pool is read.</summary>
    private readonly Dictionary<IActorRef, (PoolProtocol.OpenPool Open, OpenPoolCharge Charge)> _openings = [];

    /// <summary>The clients that wait until their session is written.</summary>
    private readonly Dictionary<IActorRef, OpenPoolCharge> _connecting = [];
    private string _nameOfOpening = "";
    private long _nextRange;
    private int _reported;

    private void ReceiveFromJournal()
    {
        Receive<JournalProtocol.RecordRead>(read => ApplyRecord(read.Record));
        Receive<JournalProtocol.ReadCompleted>(_ => StartFromLedger());
        Receive<JournalProtocol.RecordWritten>(_ => OnRecordWritten());
        Receive<JournalProtocol.CompactionFailed>(grows => PublishEvent(grows.Reason));
        Receive<JournalProtocol.JournalDeleted>(_ => UnloadPool());
        Receive<JournalProtocol.JournalFailed>(failed => InterruptPool($"The durable pool '{Name}' {failed.Reason}"));
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
        PublishEvent($"loading: {_reported:N0} jobs so far");
    }

    private string Name => WireLimits.CutName(Ledger.Spec?.Name ?? _nameOfOpening);

    /// <summary>
    /// Refuses to create the pool above a limit. A pool that exists is always opened: its clients may receive results, which frees memory.
    /// </summary>
    private void RefuseNewPoolOverLimit()
    {
        foreach (var (client, (open, charge)) in _openings.ToList())
        {
            if (_kept.FindRefusal($"The durable pool '{Name}'", WireLimits.SizeOf(open.Spec)) is not { } refusal)
                continue;
            client.Tell(new PoolProtocol.PoolRefused(open.Pool, refusal, IsOverLimit: true));
            charge.Dispose();
            _openings.Remove(client);
        }
    }

    /// <summary>
    /// Starts the pool from its journal. It writes a record first: a coordinator that owned the journal before, and may not know that it
    /// lost it, can write nothing more.
    /// </summary>
    private void StartFromLedger()
    {
        if (Ledger.Spec is null)
            RefuseNewPoolOverLimit();
        if (Ledger.Spec is null && _openings.Count == 0)
        {
            _phase = Phase.Empty;
            HandleEarlyRequests();
            Timers.StartSingleTimer(nameof(OpenWaitEnded), OpenWaitEnded.Instance, OpenTimeout);
            return;
        }

        _phase = Phase.Starting;
        (_keys, _nextRange) = (Ledger.Keys.CreateCopy(), Ledger.Sessions.NextRange);
        UpdateKept();
        _journal.NextBatch.AddFence();
        _journal.WhenWritten(RunPool);
        var openings = _openings.ToList();
        _openings.Clear();
        foreach (var (client, (open, charge)) in openings)
        {
            charge.Dispose();
            ConnectClient(open, client);
        }

        _journal.WriteNext();
    }

    private void RunPool()
    {
        _phase = Phase.Running;
        HandleEarlyRequests();
        PublishEvent($"runs here; {Ledger.PendingCount:N0} jobs pending, {Ledger.RetainedCount:N0} results retained");
        foreach (var bundle in Ledger.PinnedBundles.Union(AssignLoadedJobs()).ToList())
            StartBuildIfNeeded(bundle);
        EndIfDone();
    }

    private void AnswerFind(PoolProtocol.FindPool find)
    {
        if (_phase == Phase.Unloaded)
            Context.Parent.Forward(find);
        else
            Sender.Tell(new PoolProtocol.PoolFound(find.Pool, Akka.Serialization.Serialization.SerializedActorPath(Self)));
    }

    private void OpenPool(PoolProtocol.OpenPool open)
    {
        // A client without an answer looks the pool up again.
        if (_phase == Phase.Unloaded)
            return;
        if (_interruption is not null)
            Sender.Tell(new PoolProtocol.PoolInterrupted(_interruption));
        else if (_phase is Phase.Starting or Phase.Running)
            ConnectClient(open, Sender);
        else
            QueueOpening(open, Sender);
    }

    private void QueueOpening(PoolProtocol.OpenPool open, IActorRef client)
    {
        if (_openings.ContainsKey(client) || TryChargeOpening(open, client) is not { } charge)
            return;
        _openings.Add(client, (open, charge));
        _nameOfOpening = open.Spec.Name;
        if (_phase == Phase.Empty)
            StartFromLedger();
    }

    private static OpenPoolCharge? TryChargeOpening(PoolProtocol.OpenPool open, IActorRef client)
    {
        if (OpenPoolCharge.TryCreate(Context.System, client, open, out var refusal) is { } charge)
            return charge;
        client.Tell(new PoolProtocol.PoolRefused(open.Pool, refusal, IsOverLimit: true));
        return null;
    }

    /// <summary>
    /// Connects a client once its session and all accepted jobs are written: a client that continues a session learns which jobs were
    /// accepted.
    /// </summary>
    private void ConnectClient(PoolProtocol.OpenPool open, IActorRef client)
    {
        if (_links.TryGetValue(client, out var known))
        {
            // The answer was slow or lost.
            SendOpened(known);
            return;
        }

        if (DeleteIfSettled())
        {
            QueueOpening(open, client);
            return;
        }

        if (_connecting.ContainsKey(client))
            return;
        var functions = open.Functions.IsDefault ? [] : open.Functions;
        if (FindRefusal(functions) is { } refusal)
        {
            client.Tell(new PoolProtocol.PoolRefused(open.Pool, refusal));
            return;
        }

        // Checked first: a refused client must not use a range of ids.
        if (TryChargeOpening(open, client) is not { } opened)
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

        _connecting.Add(client, opened);
        WhenWritten(() => AddLink(session, client));
    }

    /// <returns>The id of the session; null if the client was refused.</returns>
    private SessionId? GetOrAddSession(PoolProtocol.OpenPool open, IActorRef client)
    {
        if (Ledger.Sessions.FindSession(open.Session) is { } known && known.Bundle == open.Spec.Bundle)
            return known.Id;
        // Otherwise the pool was deleted and created anew since. It must not assign the range of the client to another session.
        var range = open.Range < 0 ? _nextRange : open.Range;
        if (range < _nextRange || range > SessionRange.Last)
        {
            client.Tell(new PoolProtocol.PoolRefused(
                open.Pool,
                $"The durable pool '{Name}' does not know the session of this program any more: the pool was deleted and created again, or "
                + "its other programs have opened it many times since. Open the pool again."));
            return null;
        }

        _nextRange = range + 1;
        EndIdleSessions();
        var session = open.Session == default ? SessionId.New() : open.Session;
        _journal.NextBatch.AddSession(new StoredSession(session, range, open.Spec.Bundle));
        return session;
    }

    private void EndIdleSessions()
    {
        var connected = _links.Values.Select(link => link.Range).ToHashSet();
        var idle = Ledger.Sessions.All.Where(session => session.Pending == 0 && !connected.Contains(session.Range)).ToList();
        var remembered = Ledger.BuildBytes > ManyBuildBytes ? FewIdleSessions : MaxIdleSessions;
        foreach (var session in idle.Take(Math.Max(0, idle.Count - remembered)))
            _journal.NextBatch.AddEndedSession(session.Range);
    }

    private void AddLink(SessionId session, IActorRef client)
    {
        _connecting.Remove(client, out var opened);
        // A client without an answer opens the pool again.
        if (_phase != Phase.Running || Ledger.Sessions.FindSession(session) is not { } written)
        {
            opened!.Dispose();
            return;
        }

        // The program has connected again before the loss of its former connection was noticed.
        foreach (var former in _links.Values.Where(link => link.Id == session).ToList())
            Disconnect(former);
        var link = new SessionLink(new ClientLink(client, ClientUsages.FindUsage(Context.System, client), opened), written);
        _links.Add(Context.Watch(client), link);
        StartBuildIfNeeded(link.Bundle);
        UpdateAssignments();
        SendOpened(link);
    }

    private void SendOpened(SessionLink link)
    {
        link.Link.Client.Tell(new PoolProtocol.PoolOpened(_id, link.LastJournaled, Ledger.IsClosed, link.Range));
        foreach (var worker in _builds.Values.SelectMany(build => build.Workers.Values))
            link.Link.Client.Tell(worker);
    }

    private sealed record OpenWaitEnded
    {
        public static readonly OpenWaitEnded Instance = new();
    }
}
