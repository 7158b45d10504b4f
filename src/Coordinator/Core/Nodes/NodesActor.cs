using System.Collections.Immutable;
using Actors.Coordinator.Peers;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Delivery;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Remoting;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Nodes;

/// <summary>
/// Knows which worker nodes are there, and grants their slots to pools. A node on another machine is lost when it has been silent for
/// <see cref="Lease"/> or its connection breaks: what was on a broken connection may be lost, so the session ends with it, on both
/// sides, and everything that ran there is run again. A node kills its executors before its lease is over here.
/// </summary>
internal sealed class NodesActor : PeerActor, IWithTimers
{
    /// <summary>What a node may offer at most: a number beyond all sense must not start that many processes.</summary>
    private const int MostSlots = 4096;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(500);

    private readonly PlacementState _placement = new();
    private readonly Dictionary<NodeId, Node> _nodes = [];
    private readonly Dictionary<PoolId, (PoolSpec Spec, IActorRef Actor)> _pools = [];
    private readonly Dictionary<PoolId, PoolReport> _reports = [];

    private readonly IActorRef? _coordinators;
    private ImmutableArray<string> _others = [];

    // Pools take nothing more from them.
    private readonly HashSet<NodeId> _lost = [];

    /// <summary>The nodes of a coordinator that is alone.</summary>
    public NodesActor()
        : this(null)
    {
    }

    /// <param name="coordinators">Knows the other coordinators of the cluster; null when there are none.</param>
    public NodesActor(IActorRef? coordinators)
    {
        _coordinators = coordinators;
        Receive<PeersProtocol.Peers>(peers => _others = [.. peers.Known.Select(peer => HostPort.FromAddress(peer.Coordinator.Path.Address).ToString()).Order(StringComparer.Ordinal)]);
        Receive<NodeProtocol.Join>(Join);
        Receive<NodeProtocol.Heartbeat>(Renew);
        Receive<NodeProtocol.NodeDraining>(draining => Carry(_placement.NodeDrains(draining.Node)));
        Receive<NodeProtocol.NodeLeft>(left => Lose(left.Node, "has left"));
        Receive<NodeProtocol.ListNodes>(_ => Sender.Tell(new NodeProtocol.ListNodesReply(List(_ => true))));
        Receive<NodeProtocol.DrainNode>(Drain);
        Receive<NodesProtocol.PoolWants>(AddPool);
        Receive<NodesProtocol.PoolGone>(gone => RemovePool(gone.Pool));
        Receive<PoolReport>(Note);
        Receive<DisassociatedEvent>(broken => LoseAt(broken.RemoteAddress));
        Receive<Terminated>(gone => Forget(gone.ActorRef));
        Receive<Check>(_ => LoseSilent());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <summary>What is said of a node comes from the actor that joined for it.</summary>
    protected override bool IsAllowed(IWireMessage message) => message switch
    {
        NodeProtocol.Join join => IsNodes(join.Node),
        NodeProtocol.Heartbeat heartbeat => IsNodes(heartbeat.Node),
        NodeProtocol.NodeDraining draining => IsNodes(draining.Node),
        NodeProtocol.NodeLeft left => IsNodes(left.Node),
        _ => true,
    };

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(PoolReport));
        _coordinators?.Tell(PeersProtocol.Subscribe.Instance);
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private bool IsNodes(NodeId id) => !_nodes.TryGetValue(id, out var node) || node.Actor.Equals(Sender);

    private void Join(NodeProtocol.Join join)
    {
        // It asked before it was lost: it must begin anew.
        if (_lost.Contains(join.Node))
        {
            Sender.Tell(new NodeProtocol.NodeUnknown(join.Node));
            return;
        }

        Sender.Tell(new NodeProtocol.JoinAccepted(join.Node));
        if (!_nodes.TryAdd(join.Node, new Node(Context.Watch(Sender), join.Name, join.Traits ?? NodeTraits.None, Now)))
            return;
        Carry(_placement.NodeJoined(join.Node, Math.Clamp(join.Slots, 0, MostSlots), join.Traits));
        if (_nodes[join.Node].IsRemote && !Timers.IsTimerActive(nameof(Check)))
            Timers.StartPeriodicTimer(nameof(Check), Check.Instance, CheckInterval);
        Tell(_nodes[join.Node], "has joined");
        Report();
    }

    private void Renew(NodeProtocol.Heartbeat heartbeat)
    {
        var id = heartbeat.Node;
        if (_nodes.TryGetValue(id, out var node))
        {
            node.LastHeard = Now;
            node.Acknowledge(heartbeat.Provided);
            var reports = _reports.Values.Where(report => CanServe(node, report)).ToList();
            Sender.Tell(new NodeProtocol.Heartbeat(id, reports.Where(MayHaveMore).Sum(report => (long)report.Waiting), reports.Sum(report => (long)report.Idle), Coordinators: _others));
        }
        else
        {
            Sender.Tell(new NodeProtocol.NodeUnknown(id));
        }
    }

    private void Drain(NodeProtocol.DrainNode drain)
    {
        foreach (var node in _nodes.Values.Where(node => node.Name == drain.Name))
            node.Actor.Tell(new NodeProtocol.StartDraining());
        Sender.Tell(new NodeProtocol.ListNodesReply(List(node => node.Name == drain.Name)));
    }

    private ImmutableArray<NodeInfo> List(Func<Node, bool> condition) =>
    [
        .. _nodes.Where(node => condition(node.Value)).OrderBy(node => node.Value.Name, StringComparer.Ordinal)
            .Select(node => _placement.Describe(node.Key, node.Value.Name)),
    ];

    /// <summary>What there is to do, for nodes that run more executors then.</summary>
    private void Note(PoolReport report)
    {
        if (report.IsOver)
            _reports.Remove(report.Pool);
        else
            _reports[report.Pool] = report;
    }

    /// <summary>What waits in a pool that needs what the node has not is no reason for more there.</summary>
    private bool CanServe(Node node, PoolReport report) =>
        !_pools.TryGetValue(report.Pool, out var pool) || pool.Spec.Needs is not { } needs || node.Traits.Satisfies(needs);

    /// <summary>What waits in a pool that has all the executors it wants is no reason for more.</summary>
    private bool MayHaveMore(PoolReport report) =>
        !_pools.TryGetValue(report.Pool, out var pool) || pool.Spec.Processes == 0 || report.Executors < pool.Spec.Processes;

    private void AddPool(NodesProtocol.PoolWants wants)
    {
        _pools[wants.Pool] = (wants.Spec, Context.Watch(Sender));
        Carry(_placement.PoolWants(wants.Pool, wants.Executors, wants.Spec.Needs));
        TellGranted(wants.Pool);
    }

    private void RemovePool(PoolId id)
    {
        if (!_pools.TryGetValue(id, out var pool))
            return;
        Context.Unwatch(pool.Actor);
        Carry(_placement.PoolLeft(id));
        _pools.Remove(id);
    }

    private void Forget(IActorRef actor)
    {
        foreach (var id in _pools.Where(pool => pool.Value.Actor.Equals(actor)).Select(pool => pool.Key).ToList())
            RemovePool(id);
        LoseWhere(node => node.Actor.Equals(actor), "has ended");
    }

    private void LoseAt(Address address) => LoseWhere(node => node.Actor.Path.Address.Equals(address), "is lost: its connection broke");

    private void LoseSilent()
    {
        LoseWhere(node => node.IsRemote && Now - node.LastHeard > Lease, "is not heard, and is given up");
        if (!_nodes.Values.Any(node => node.IsRemote))
            Timers.Cancel(nameof(Check));
    }

    private void LoseWhere(Predicate<Node> match, string why)
    {
        foreach (var id in _nodes.Where(node => match(node.Value)).Select(node => node.Key).ToList())
            Lose(id, why);
    }

    private void Lose(NodeId id, string why)
    {
        if (!_nodes.Remove(id, out var node))
            return;
        _lost.Add(id);
        Context.Unwatch(node.Actor);
        Tell(node, why);
        foreach (var pool in _pools.Values)
            pool.Actor.Tell(new NodesProtocol.NodeLost(id));
        Carry(_placement.NodeLeft(id));
        Report();
    }

    /// <summary>For operators; the node within a client's process is no news.</summary>
    private static void Tell(Node node, string what)
    {
        if (node.IsRemote)
            Context.System.EventStream.Publish(new News($"worker node {node.Name} {what}"));
    }

    private void Report() => Context.System.EventStream.Publish(new NodesReport(_nodes.Count, _placement.Slots));

    /// <summary>The pool is named as the sender: executors report to it without a stop here.</summary>
    private void Carry(IReadOnlyList<Grant> grants)
    {
        foreach (var grant in grants)
        {
            if (_nodes.TryGetValue(grant.Node, out var node) && _pools.TryGetValue(grant.Pool, out var pool))
            {
                // Before the node learns of the pool, which refuses executors of other processes.
                if (node.IsRemote)
                    pool.Actor.Tell(new NodesProtocol.NodeProvides(grant.Node, node.Actor.Path.Address));
                node.Provide(new NodeProtocol.ProvideExecutors(grant.Pool, pool.Spec, grant.Executors), pool.Actor);
            }
        }

        foreach (var pool in grants.Select(grant => grant.Pool).Distinct())
            TellGranted(pool);
    }

    private void TellGranted(PoolId id)
    {
        if (_pools.TryGetValue(id, out var pool) && pool.Spec.Initializer is not null)
            pool.Actor.Tell(new NodesProtocol.PoolGranted(_placement.GrantedTo(id)));
    }

    private sealed class Node(IActorRef actor, string name, NodeTraits traits, TimeSpan now)
    {
        private readonly UnacknowledgedMessages<(NodeProtocol.ProvideExecutors Message, IActorRef Pool)> _provided = new();
        private long _lastSeen;

        public IActorRef Actor => actor;

        public string Name => name;

        public NodeTraits Traits => traits;

        public bool IsRemote { get; } = !actor.Path.Address.HasLocalScope;

        public TimeSpan LastHeard { get; set; } = now;

        /// <summary>Tells it how many executors to keep for a pool.</summary>
        public void Provide(NodeProtocol.ProvideExecutors provide, IActorRef pool)
        {
            if (IsRemote)
                _provided.Add((provide = provide with { Number = _provided.Last + 1 }, pool));
            actor.Tell(provide, pool);
        }

        /// <summary>What it does not have, and should have had by its heartbeat before, is sent again.</summary>
        public void Acknowledge(long number)
        {
            _provided.Acknowledge(number);
            foreach (var (message, pool) in _provided.All.TakeWhile(provided => provided.Message.Number <= _lastSeen))
                actor.Tell(message, pool);
            _lastSeen = _provided.Last;
        }
    }

    private sealed record Check
    {
        public static readonly Check Instance = new();
    }
}
