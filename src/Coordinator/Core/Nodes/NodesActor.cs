using System.Collections.Immutable;
using Actors.Coordinator.Peers;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Collections;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Remoting;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Nodes;

/// <summary>
/// Tracks the worker nodes and grants their slots to pools. A remote node is removed when it has been silent for <see cref="Lease"/>, or
/// when its connection breaks: messages may be lost then, so both sides end the session, and all its jobs run again. A node kills its
/// executors before the lease expires here.
/// </summary>
public sealed partial class NodesActor : PeerActor, IWithTimers
{
    /// <summary>The most slots of the nodes of one address. An absurd number must not start that many processes.</summary>
    private const int MaxSlots = 4096;

    private static readonly TimeSpan Lease = ProtocolTimes.NodeLease;
    private static readonly TimeSpan CheckInterval = ProtocolTimes.NodeHeartbeat;

    /// <summary>The longest name of a node.</summary>
    private const int LongestNodeName = 1000;

    /// <summary>The most nodes of one address: a node that joins again may be known under its former ids.</summary>
    private const int MaxNodesAtAddress = 16;

    /// <summary>The most removed nodes that are remembered. A node cannot fill the memory when it joins and leaves without end.</summary>
    private const int MaxLostNodes = 10_000;

    private readonly PlacementState _placement = new();
    private readonly Dictionary<NodeId, JoinedNode> _nodes = [];
    private readonly Dictionary<PoolId, (PoolSpec Spec, IActorRef Actor)> _pools = [];
    // A released pool waits for its last executors, and must learn of the loss of their node.
    private readonly HashSet<IActorRef> _releasedPools = [];
    private readonly Dictionary<PoolId, PoolReport> _reports = [];

    private readonly IActorRef? _coordinators;
    private ImmutableArray<string> _otherCoordinators = [];

    // Pools accept nothing from removed nodes, so these may not join again under the same id.
    private readonly RecentSet<NodeId> _lostNodes = new(MaxLostNodes);

    /// <summary>Creates the actor of a coordinator without others.</summary>
    public NodesActor()
        : this(null)
    {
    }

    /// <param name="coordinators">The actor that knows the other coordinators of the cluster. Null if there are none.</param>
    public NodesActor(IActorRef? coordinators)
    {
        _coordinators = coordinators;
        Receive<PeersProtocol.PeersReply>(SetCoordinators);
        Receive<NodeProtocol.Join>(JoinNode);
        Receive<NodeProtocol.Heartbeat>(RenewLease);
        Receive<NodeProtocol.NodeDraining>(draining => ApplyGrants(_placement.DrainNode(draining.Node)));
        Receive<NodeProtocol.NodeLeft>(left => RemoveNode(left.Node, "has left"));
        Receive<NodeProtocol.ListNodes>(_ => AddListRequest(OperatorList.Nodes));
        Receive<NodeProtocol.DrainNode>(DrainNode);
        Receive<PoolProtocol.ListPools>(_ => AddListRequest(OperatorList.Pools));
        Receive<OperatorListDue>(due => SendList(due.List));
        Receive<NodesProtocol.GetNodeActors>(_ => Sender.Tell(ListNodeActors()));
        Receive<NodesProtocol.RequestExecutors>(AddPool);
        Receive<NodesProtocol.ReleasePool>(release => ReleasePool(release.Pool));
        Receive<PoolReport>(RecordReport);
        Receive<DisassociatedEvent>(disconnected => RemoveNodesAt(disconnected.RemoteAddress));
        Receive<Terminated>(terminated => OnTerminated(terminated.ActorRef));
        Receive<LeaseCheckDue>(_ => RemoveSilentNodes());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <summary>Messages about a node must come from the actor that joined for it.</summary>
    protected override bool IsAllowed(IWireMessage message) => message switch
    {
        NodeProtocol.Join join => IsFromNode(join.Node),
        NodeProtocol.Heartbeat heartbeat => IsFromNode(heartbeat.Node),
        NodeProtocol.NodeDraining draining => IsFromNode(draining.Node),
        NodeProtocol.NodeLeft left => IsFromNode(left.Node),
        _ => true,
    };

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(PoolReport));
        _coordinators?.Tell(PeersProtocol.SubscribePeers.Instance);
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void SetCoordinators(PeersProtocol.PeersReply peers)
    {
        var addresses = peers.Known.Select(peer => HostPort.FromAddress(peer.Coordinator.Path.Address).ToString());
        _otherCoordinators = [.. addresses.Order(StringComparer.Ordinal)];
    }

    private bool IsFromNode(NodeId id) => !_nodes.TryGetValue(id, out var node) || node.Actor.Equals(Sender);

    private void JoinNode(NodeProtocol.Join join)
    {
        // A removed node must join again under a new id.
        if (_lostNodes.Contains(join.Node))
        {
            Sender.Tell(new NodeProtocol.NodeUnknown(join.Node));
            return;
        }

        if (!MayJoin(join))
        {
            RefusedMessages.ReportCurrent(Context, join);
            return;
        }

        Sender.Tell(new NodeProtocol.JoinAccepted(join.Node));
        if (!_nodes.TryAdd(join.Node, new JoinedNode(Context.Watch(Sender), join.Name, join.Traits ?? NodeTraits.None, Now)))
            return;
        ApplyGrants(_placement.AddNode(join.Node, LimitSlots(join.Slots), join.Traits));
        if (_nodes[join.Node].IsRemote && !Timers.IsTimerActive(nameof(LeaseCheckDue)))
            Timers.StartPeriodicTimer(nameof(LeaseCheckDue), LeaseCheckDue.Instance, CheckInterval);
        LogNode(_nodes[join.Node], "has joined");
        PublishReport();
    }

    /// <summary>Whether a program of this library sends such a message. It is one node, so an address has the limits of one.</summary>
    private bool MayJoin(NodeProtocol.Join join) =>
        join.Name.Length <= LongestNodeName && join.Traits is null or { AreReasonable: true }
        && (_nodes.ContainsKey(join.Node) || Sender.IsLocal() || FindNodesAt(Sender.Path.Address).Count() < MaxNodesAtAddress)
        && FindNodesAt(Sender.Path.Address).Where(id => id != join.Node).Sum(id => _nodes[id].Traits.MeasureMemory())
            + (join.Traits?.MeasureMemory() ?? 0) <= NodeTraits.LargestOfNode;

    private int LimitSlots(int offered) =>
        Math.Clamp(offered, 0, MaxSlots - (int)_placement.CountSlots(FindNodesAt(Sender.Path.Address)));

    private IEnumerable<NodeId> FindNodesAt(Address address) =>
        _nodes.Where(node => node.Value.Actor.Path.Address.Equals(address)).Select(node => node.Key);

    private void RenewLease(NodeProtocol.Heartbeat heartbeat)
    {
        var id = heartbeat.Node;
        if (_nodes.TryGetValue(id, out var node))
        {
            node.LastHeartbeat = Now;
            node.AcknowledgeProvided(heartbeat.Provided);
            var reports = _reports.Values.Where(report => CanServe(node, report)).ToList();
            var waiting = reports.Where(MayGrow).Sum(report => (long)report.Figures.Waiting);
            var idle = reports.Sum(report => (long)report.Figures.Idle);
            Sender.Tell(new NodeProtocol.Heartbeat(id, waiting, idle, Coordinators: _otherCoordinators));
        }
        else
        {
            Sender.Tell(new NodeProtocol.NodeUnknown(id));
        }
    }

    private void DrainNode(NodeProtocol.DrainNode drain)
    {
        foreach (var node in _nodes.Values.Where(node => node.Name == drain.Name))
            node.Actor.Tell(new NodeProtocol.StartDraining());
        Sender.Tell(new NodeProtocol.ListNodesReply(ListNodes(node => node.Name == drain.Name)));
    }

    private ImmutableArray<NodeInfo> ListNodes(Func<JoinedNode, bool> condition) =>
    [
        .. _nodes.Where(node => condition(node.Value)).OrderBy(node => node.Value.Name, StringComparer.Ordinal)
            .Select(node => _placement.DescribeNode(node.Key, node.Value.Name)),
    ];

    private NodesProtocol.NodeActors ListNodeActors() => new(
        _nodes.Values.Where(node => node.IsRemote).DistinctBy(node => node.Name).ToDictionary(node => node.Name, node => node.Actor));

    /// <summary>Keeps the report of a pool. Heartbeats tell nodes of the waiting jobs, so that they can start more executors.</summary>
    private void RecordReport(PoolReport report)
    {
        if (report.IsEnded)
            _reports.Remove(report.Pool);
        else
            _reports[report.Pool] = report;
    }

    /// <summary>Whether the node meets the needs of the pool. Other waiting jobs are no reason for more executors there.</summary>
    private bool CanServe(JoinedNode node, PoolReport report) =>
        !_pools.TryGetValue(report.Pool, out var pool) || pool.Spec.Needs is not { } needs || node.Traits.Satisfies(needs);

    /// <summary>Whether the pool may have more executors than it has.</summary>
    private bool MayGrow(PoolReport report) =>
        !_pools.TryGetValue(report.Pool, out var pool) || pool.Spec.Processes == 0 || report.Figures.Executors < pool.Spec.Processes;

    private void AddPool(NodesProtocol.RequestExecutors wants)
    {
        _pools[wants.Pool] = (wants.Spec, Context.Watch(Sender));
        ApplyGrants(_placement.AddPool(wants.Pool, wants.Executors, wants.Spec.Needs));
        SendGranted(wants.Pool);
    }

    private void ReleasePool(PoolId id)
    {
        if (_pools.TryGetValue(id, out var pool))
            _releasedPools.Add(pool.Actor);
        RemovePool(id);
    }

    private void RemovePool(PoolId id)
    {
        if (!_pools.ContainsKey(id))
            return;
        ApplyGrants(_placement.RemovePool(id));
        _pools.Remove(id);
    }

    private void OnTerminated(IActorRef actor)
    {
        _releasedPools.Remove(actor);
        foreach (var id in _pools.Where(pool => pool.Value.Actor.Equals(actor)).Select(pool => pool.Key).ToList())
            RemovePool(id);
        RemoveNodesWhere(node => node.Actor.Equals(actor), "was removed: its program has ended");
    }

    private void RemoveNodesAt(Address address) =>
        RemoveNodesWhere(node => node.Actor.Path.Address.Equals(address), "was removed: its connection broke");

    private void RemoveSilentNodes()
    {
        RemoveNodesWhere(
            node => node.IsRemote && Now - node.LastHeartbeat > Lease, $"was removed: it was silent for {Lease.TotalSeconds:0} s");
        if (!_nodes.Values.Any(node => node.IsRemote))
            Timers.Cancel(nameof(LeaseCheckDue));
    }

    private void RemoveNodesWhere(Predicate<JoinedNode> match, string text)
    {
        foreach (var id in _nodes.Where(node => match(node.Value)).Select(node => node.Key).ToList())
            RemoveNode(id, text);
    }

    private void RemoveNode(NodeId id, string text)
    {
        if (!_nodes.Remove(id, out var node))
            return;
        _lostNodes.Add(id);
        Context.Unwatch(node.Actor);
        LogNode(node, text);
        foreach (var pool in _pools.Values.Select(pool => pool.Actor).Union(_releasedPools))
            pool.Tell(new NodesProtocol.NodeLost(id));
        ApplyGrants(_placement.RemoveNode(id));
        PublishReport();
    }

    /// <summary>Logs a change of a remote node. The node in a client process is not logged.</summary>
    private static void LogNode(JoinedNode node, string text)
    {
        if (node.IsRemote)
            Context.System.EventStream.Publish(new LogEvent(LogSubject.WorkerNode, node.Name, text));
    }

    private void PublishReport() => Context.System.EventStream.Publish(new NodesReport(_nodes.Count, _placement.Slots));

    /// <summary>Sends grants to nodes, with the pool as sender, so that executors report directly to the pool.</summary>
    private void ApplyGrants(IReadOnlyList<ExecutorGrant> grants)
    {
        foreach (var grant in grants)
        {
            if (_nodes.TryGetValue(grant.Node, out var node) && _pools.TryGetValue(grant.Pool, out var pool))
            {
                // The pool must know the address before the node starts executors: it refuses those of other processes.
                if (node.IsRemote)
                    pool.Actor.Tell(new NodesProtocol.NodeAssigned(grant.Node, node.Actor.Path.Address));
                node.SendProvide(new NodeProtocol.ProvideExecutors(grant.Pool, pool.Spec, grant.Executors), pool.Actor);
            }
        }

        foreach (var pool in grants.Select(grant => grant.Pool).Distinct())
            SendGranted(pool);
    }

    private void SendGranted(PoolId id)
    {
        if (_pools.TryGetValue(id, out var pool))
            pool.Actor.Tell(new NodesProtocol.PoolExecutorsGranted(_placement.CountGranted(id), _placement.FindNodesOf(id)));
    }

    private sealed record LeaseCheckDue
    {
        public static readonly LeaseCheckDue Instance = new();
    }
}
