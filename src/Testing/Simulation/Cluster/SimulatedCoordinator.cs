using Actors.Coordinator.Nodes;
using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;

namespace Actors.Testing;

/// <summary>
/// A coordinator in memory: the real <see cref="PlacementState"/> grants the slots of its nodes to pools, and it removes nodes that are
/// silent. It ends with everything in its memory when it is restarted.
/// </summary>
/// <param name="cluster">The cluster.</param>
internal sealed class SimulatedCoordinator(SimulatedCluster cluster)
{
    /// <summary>A node that is silent for this time is removed, as by a real coordinator.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);

    /// <summary>A client that is silent for this time is considered dead.</summary>
    private static readonly TimeSpan ClientLease = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(500);

    private readonly PlacementState _placement = new();
    private readonly Dictionary<NodeId, MemberNode> _nodes = [];
    private readonly Dictionary<PoolId, SimulatedPool> _pools = [];
    private readonly Dictionary<PoolId, SimulatedDurablePool> _durablePools = [];
    private long _lastGrant;
    private bool _isChecking;

    /// <summary>The end of its connections.</summary>
    public SimulatedEndpoint Endpoint { get; } = new("coordinator");

    /// <summary>The managed objects.</summary>
    public ObjectHost Objects { get; } = new(cluster.Owner, cluster.Clock);

    /// <summary>Accepts a node, also one that joins again under another id.</summary>
    public void AddNode(SimulatedNode node, NodeId id, NodeTraits? traits)
    {
        cluster.SendToNode(this, node, () => node.OnAccepted(this, id));
        if (!_nodes.ContainsKey(id))
        {
            _nodes.Add(id, new MemberNode(node, cluster.Now));
            SendGrants(_placement.AddNode(id, node.Slots, traits));
        }

        StartChecking();
    }

    /// <summary>Notes that a node is there. Grants that it may have missed are sent again.</summary>
    public void OnHeartbeat(SimulatedNode node, NodeId id, long lastGrant)
    {
        if (!_nodes.TryGetValue(id, out var joined))
        {
            cluster.SendToNode(this, node, () => node.OnRemoved(id));
            return;
        }

        joined.LastHeard = cluster.Now;
        if (lastGrant < joined.LastGrant)
            joined.Grants.Values.ToList().ForEach(grant => SendGrant(joined, grant));
        StartChecking();
    }

    /// <summary>Opens a pool for a client. The same pool is opened once.</summary>
    public void OpenPool(PoolConnection client, PoolProtocol.OpenPool open)
    {
        IClientPool pool = open.Spec.IsDurable ? LoadPool(open.Pool) : FindPool(client, open);
        pool.ReceiveFromClient(client, open);
    }

    /// <summary>Loads a durable pool from the store, unless it is loaded.</summary>
    public SimulatedDurablePool LoadPool(PoolId id)
    {
        if (!_durablePools.TryGetValue(id, out var pool))
            pool = _durablePools[id] = new SimulatedDurablePool(cluster, this, id);
        return pool;
    }

    /// <summary>Forgets a durable pool that has ended here.</summary>
    public void ForgetPool(PoolId id) => _durablePools.Remove(id);

    /// <summary>Requests the workers of a pool.</summary>
    public void AddPool(SimulatedPool pool)
    {
        _pools[pool.Id] = pool;
        SendGrants(_placement.AddPool(pool.Id, pool.Spec.Processes, pool.Spec.Needs));
        pool.OnGranted(_placement.CountGranted(pool.Id));
    }

    /// <summary>Withdraws the workers of a pool.</summary>
    public void ReleasePool(PoolId id)
    {
        if (_pools.ContainsKey(id))
            SendGrants(_placement.RemovePool(id));
    }

    /// <summary>Removes a node: its jobs run elsewhere, and its results are refused.</summary>
    public void RemoveNode(NodeId id)
    {
        if (!_nodes.Remove(id))
            return;
        // By the identity: the node may have joined again, and then it has other workers.
        Objects.RemoveCallers(caller => caller.NodeId == id);
        foreach (var pool in _pools.Values)
            pool.OnNodeLost(id);
        SendGrants(_placement.RemoveNode(id));
    }

    /// <summary>Ends the coordinator with everything in its memory.</summary>
    public void Stop()
    {
        Endpoint.IsDown = true;
        foreach (var pool in _pools.Values)
            pool.Stop();
        foreach (var pool in _durablePools.Values)
            pool.Stop();
        Objects.Stop();
    }

    private OpenedPool FindPool(PoolConnection client, PoolProtocol.OpenPool open)
    {
        if (_pools.GetValueOrDefault(open.Pool) is OpenedPool known)
            return known;
        var pool = new OpenedPool(cluster, this, client, open);
        AddPool(pool);
        return pool;
    }

    private void SendGrants(IReadOnlyList<ExecutorGrant> grants)
    {
        foreach (var grant in grants)
        {
            if (!_nodes.TryGetValue(grant.Node, out var joined))
                continue;
            joined.LastGrant = ++_lastGrant;
            SendGrant(joined, joined.Grants[grant.Pool] = new NodeGrant(grant.Pool, grant.Executors, _lastGrant));
        }

        foreach (var pool in grants.Select(grant => grant.Pool).Distinct())
            _pools.GetValueOrDefault(pool)?.OnGranted(_placement.CountGranted(pool));
    }

    private void SendGrant(MemberNode joined, NodeGrant grant)
    {
        if (_pools.TryGetValue(grant.Pool, out var pool))
            cluster.SendToNode(this, joined.Node, () => joined.Node.OnGranted(pool, grant));
    }

    private void StartChecking()
    {
        if (_isChecking || !cluster.Network.IsFaulty)
            return;
        _isChecking = true;
        cluster.Clock.StartBackgroundTimer(CheckInterval, CheckLeases);
    }

    private void CheckLeases()
    {
        _isChecking = false;
        if (Endpoint.IsDown)
            return;
        foreach (var (id, joined) in _nodes.ToArray())
        {
            if (cluster.Now - joined.LastHeard > Lease)
                RemoveNode(id);
        }

        foreach (var pool in _pools.Values)
            pool.CheckClients(ClientLease);
        foreach (var pool in _durablePools.Values)
            pool.CheckClients(ClientLease);
        StartChecking();
    }

    private sealed class MemberNode(SimulatedNode node, TimeSpan now)
    {
        public SimulatedNode Node => node;

        public TimeSpan LastHeard { get; set; } = now;

        public long LastGrant { get; set; }

        public Dictionary<PoolId, NodeGrant> Grants { get; } = [];
    }
}

/// <summary>The number of workers that a node shall run for a pool.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Workers">The number.</param>
/// <param name="Number">The position among the grants of the coordinator.</param>
internal sealed record NodeGrant(PoolId Pool, int Workers, long Number);
