using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Pools;

/// <summary>
/// A pool that outlives its clients and its coordinator, and that several programs use at the same time. It confirms an accepted job, or
/// reports an outcome, only after the record is written. The jobs of each build of the program run in a pool of their own
/// (<see cref="BuildActor"/>). Without clients it continues. Without clients and jobs it unloads, and is read from the store when it is
/// opened again.
/// </summary>
internal sealed partial class DurablePoolActor : PeerActor, IWithTimers
{
    /// <summary>The prefix of the persistence ids of pools.</summary>
    public const string JournalPrefix = "pool-";

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);

    private readonly PoolId _id;
    private readonly IActorRef _nodes;
    private readonly object _unloadedMessage;
    private readonly PoolJournal _journal;
    private readonly TimeProvider _clock;
    private readonly bool _runsEveryBuild;
    private Phase _phase = Phase.Loading;
    private PoolKeys _keys = new();
    private long _nextExpiry;

    /// <param name="id">The id of the pool, which its name determines.</param>
    /// <param name="nodes">The actor that grants executors.</param>
    /// <param name="plugins">The plugins of the store.</param>
    /// <param name="clock">The clock that measures the retention of outcomes.</param>
    /// <param name="unloadedMessage">
    /// The message to the parent that the pool may be stopped. Until then the parent forwards messages to it.
    /// </param>
    /// <param name="runsEveryBuild">
    /// Whether the nodes can load the code of every build. Otherwise only the jobs of connected clients run.
    /// </param>
    public DurablePoolActor(
        PoolId id, IActorRef nodes, JournalPlugins plugins, TimeProvider clock, object unloadedMessage, bool runsEveryBuild = true)
    {
        (_id, _nodes, _clock, _unloadedMessage, _runsEveryBuild) = (id, nodes, clock, unloadedMessage, runsEveryBuild);
        var self = Self;
        var writer = Context.ActorOf(ActorProps.Create(() => new JournalActor(JournalPrefix + id, self, plugins)), "journal");
        _journal = new PoolJournal(writer, self, clock);
        _assignments = new JobAssignments(Ledger.Builds);
        ReceiveFromJournal();
        ReceiveFromClients();
        ReceiveFromBuilds();
        ReceiveManagement();
        Receive<Tick>(_ => OnTick());
        Receive<Terminated>(terminated => OnTerminated(terminated.ActorRef));
        Receive<DisassociatedEvent>(LeaveDisconnected);
    }

    private enum Phase
    {
        /// <summary>The journal is read.</summary>
        Loading,

        /// <summary>The journal has no records, and no client has opened the pool.</summary>
        Empty,

        /// <summary>The first record is written, so that an earlier owner of the journal can write no more.</summary>
        Starting,

        /// <summary>Clients can use the pool.</summary>
        Running,

        /// <summary>The builds end, because the pool unloads or cannot continue.</summary>
        Stopping,

        /// <summary>The journal is deleted.</summary>
        Deleting,

        /// <summary>The parent stops this actor.</summary>
        Unloaded,
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private PoolLedger Ledger => _journal.Ledger;

    /// <summary>Any client can look up, open, manage or close the pool. A client that leaves may have been disconnected before.</summary>
    protected override bool IsAllowed(IWireMessage message) => message switch
    {
        PoolProtocol.FindPool or PoolProtocol.OpenPool or PoolProtocol.DetachFromPool or PoolProtocol.CloseDurablePool
            or PoolProtocol.ListJobs or PoolProtocol.ChangeJobs => true,
        PoolProtocol.PoolOpened or PoolProtocol.JobsEnded or PoolProtocol.JobsNotWithdrawn or PoolProtocol.QueryJobReply
            or PoolProtocol.MapProgressReport or PoolProtocol.WorkerStarted or PoolProtocol.WorkerEnded or PoolProtocol.PoolFailed
            or PoolProtocol.PoolFinished => FindBuild(Sender) is not null,
        _ => _links.ContainsKey(Sender),
    };

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TickInterval);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        EndCharges();
        // A coordinator that is stopped does not wait for pending writes. These jobs run again elsewhere.
        if (_interruption is null && _journal.UnwrittenCompletions > 0)
            PublishEvent($"stops here; {_journal.UnwrittenCompletions:N0} completions were refused: they were not written in time");
    }

    private void OnTick()
    {
        if (_phase != Phase.Running)
            return;
        ForgetOldOutcomes();
        _journal.WriteNext();
        // Other pools may have freed memory.
        UpdatePause();
        StopIfIdle();
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
        {
            _shared.RemoveJobs(old);
            ForgetWhenWritten(old);
        }

        // Outcomes that are retained from now on expire later than all others.
        _nextExpiry = (Ledger.OldestRetention ?? now) + time;
    }

    private void OnTerminated(IActorRef terminated)
    {
        if (_links.TryGetValue(terminated, out var link))
            Disconnect(link);
        else if (FindBuild(terminated) is not null)
            throw new InvalidOperationException($"A build of the durable pool '{Name}' has failed. The pool is loaded again.");
    }

    /// <summary>Disconnects at once when a connection breaks. Death watch would take seconds to detect a killed client.</summary>
    private void LeaveDisconnected(DisassociatedEvent disconnected)
    {
        foreach (var link in _links.Values.Where(link => link.Link.Client.Path.Address.Equals(disconnected.RemoteAddress)).ToList())
            Disconnect(link);
    }

    private void WhenWritten(Action action)
    {
        _journal.WhenWritten(action);
        _journal.WriteNext();
    }

    private void TellClients(object message)
    {
        foreach (var client in _links.Keys)
            client.Tell(message);
    }

    private void PublishEvent(string text) => Context.System.EventStream.Publish(new LogEvent(LogSubject.DurablePool, Name, text));

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
