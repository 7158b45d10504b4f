using Actors.Coordinator.Nodes;
using Actors.Messages;
using Actors.Messages.Delivery;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>Mirrors <c>NodesActor</c>, and opens pools for clients.</summary>
internal sealed class SimulatedCoordinator : SimulatedPart
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(500);

    private readonly PoolWorld _world;
    private readonly PlacementState _placement = new();
    private readonly Dictionary<NodeId, JoinedNode> _nodes = [];
    private readonly Dictionary<PoolId, (PoolSpec Spec, SimulatedPart Pool)> _pools = [];
    private readonly Dictionary<PoolId, ISimulatedPool> _opened = [];
    private readonly List<ISimulatedPool> _builds = [];
    private readonly HashSet<SimulatedPart> _releasedPools = [];
    private readonly HashSet<NodeId> _lostNodes = [];

    public SimulatedCoordinator(PoolWorld world, string name)
        : base(world, world.CreateHost(name))
    {
        _world = world;
        RunAfter(CheckInterval, CheckLeases);
    }

    public IEnumerable<ISimulatedPool> Pools => _opened.Values.Concat(_builds);

    public new PoolWorld World => _world;

    public override void Receive(object message, SimulatedPart sender)
    {
        switch (message)
        {
            case NodeProtocol.Join join: JoinNode(join, sender); break;
            case NodeProtocol.Heartbeat heartbeat: RenewLease(heartbeat, sender); break;
            case NodeProtocol.NodeDraining draining: ApplyGrants(_placement.DrainNode(draining.Node)); break;
            case NodeProtocol.NodeLeft left: RemoveNode(left.Node); break;
            case PoolProtocol.OpenPool open: OpenPool(open, sender); break;
        }
    }

    public override void OnDisconnected(SimulatedHost host, TimeSpan brokenAt)
    {
        foreach (var node in _nodes.Where(node => node.Value.Session.Host == host).Select(node => node.Key).ToList())
            RemoveNode(node);
    }

    public override void OnTerminated(SimulatedPart part)
    {
        foreach (var node in _nodes.Where(node => node.Value.Session == part).Select(node => node.Key).ToList())
            RemoveNode(node);
    }

    /// <summary>Adds the pool of a build in a durable pool.</summary>
    public void AddBuild(ISimulatedPool build) => _builds.Add(build);

    public void AddPool(PoolId id, PoolSpec spec, SimulatedPart pool)
    {
        _pools[id] = (spec, pool);
        ApplyGrants(_placement.AddPool(id, spec.Processes, spec.Needs));
        SendGranted(id);
    }

    public void RemovePool(PoolId id)
    {
        if (!_pools.TryGetValue(id, out var pool))
            return;
        if (World.Bug != PlantedBug.ForgetReleasedPool)
            _releasedPools.Add(pool.Pool);
        ApplyGrants(_placement.RemovePool(id));
        _pools.Remove(id);
    }

    private void OpenPool(PoolProtocol.OpenPool open, SimulatedPart client)
    {
        if (_opened.TryGetValue(open.Pool, out var pool))
            pool.Part.Receive(open, client);
        else
            _opened[open.Pool] = _world.Parts.CreatePool(this, open, client);
    }

    private void JoinNode(NodeProtocol.Join join, SimulatedPart session)
    {
        if (_lostNodes.Contains(join.Node) && World.Bug != PlantedBug.RejoinRemovedNode)
        {
            Send(session, new NodeProtocol.NodeUnknown(join.Node));
            return;
        }

        Send(session, new NodeProtocol.JoinAccepted(join.Node));
        if (!_nodes.TryAdd(join.Node, new JoinedNode(this, session, Now)))
            return;
        Watch(session);
        ApplyGrants(_placement.AddNode(join.Node, join.Slots));
    }

    private void RenewLease(NodeProtocol.Heartbeat heartbeat, SimulatedPart session)
    {
        if (!_nodes.TryGetValue(heartbeat.Node, out var node))
        {
            if (World.Bug == PlantedBug.RejoinRemovedNode)
                JoinNode(new NodeProtocol.Join(heartbeat.Node, session.Host.Name, SimulatedNode.Slots), session);
            else
                Send(session, new NodeProtocol.NodeUnknown(heartbeat.Node));
            return;
        }

        node.LastHeartbeat = Now;
        node.AcknowledgeProvided(heartbeat.Provided);
        Send(session, new NodeProtocol.Heartbeat(heartbeat.Node));
    }

    private void CheckLeases()
    {
        foreach (var node in _nodes.Where(node => Now - node.Value.LastHeartbeat > Lease).Select(node => node.Key).ToList())
            RemoveNode(node);
        RunAfter(CheckInterval, CheckLeases);
    }

    private void RemoveNode(NodeId id)
    {
        if (!_nodes.Remove(id, out var node))
            return;
        Unwatch(node.Session);
        _lostNodes.Add(id);
        foreach (var pool in _pools.Values.Select(pool => pool.Pool).Union(_releasedPools))
            Send(pool, new NodesProtocol.NodeLost(id));
        ApplyGrants(_placement.RemoveNode(id));
    }

    private void ApplyGrants(IReadOnlyList<ExecutorGrant> grants)
    {
        _world.CheckGrants(this, grants);
        foreach (var grant in grants)
        {
            if (_nodes.TryGetValue(grant.Node, out var node) && _pools.TryGetValue(grant.Pool, out var pool))
                node.SendProvide(new NodeProtocol.ProvideExecutors(grant.Pool, pool.Spec, grant.Executors), pool.Pool);
        }

        foreach (var pool in grants.Select(grant => grant.Pool).Distinct())
            SendGranted(pool);
    }

    private void SendGranted(PoolId id)
    {
        if (_pools.TryGetValue(id, out var pool))
            Send(pool.Pool, new NodesProtocol.PoolExecutorsGranted(_placement.CountGranted(id), _placement.FindNodesOf(id)));
    }

    private sealed class JoinedNode(SimulatedCoordinator owner, SimulatedPart session, TimeSpan now)
    {
        private readonly UnacknowledgedMessages<PoolGranted> _provided = new();
        private long _lastAtHeartbeat;

        public SimulatedPart Session => session;

        public TimeSpan LastHeartbeat { get; set; } = now;

        public void SendProvide(NodeProtocol.ProvideExecutors provide, SimulatedPart pool)
        {
            var grant = new PoolGranted(provide with { Number = _provided.Last + 1 }, pool);
            _provided.Add(grant);
            owner.Send(session, grant);
        }

        public void AcknowledgeProvided(long number)
        {
            _provided.Acknowledge(number);
            foreach (var grant in _provided.All.TakeWhile(provided => provided.Provide.Number <= _lastAtHeartbeat))
                owner.Send(session, grant);
            _lastAtHeartbeat = _provided.Last;
        }
    }
}
