using Actors.Messages;
using Actors.Messages.Nodes;

namespace Actors.Coordinator.Nodes;

/// <summary>How many executors a node is to provide for a pool.</summary>
internal readonly record struct Grant(NodeId Node, PoolId Pool, int Executors);

/// <summary>
/// Shares the nodes' slots among the pools: max-min fair, at least one for every pool while there is any node, and without moving what
/// already runs somewhere unless it must. Knows no actor and no clock.
/// </summary>
internal sealed class PlacementState
{
    private readonly List<Node> _nodes = [];
    private readonly List<Pool> _pools = [];

    /// <summary>How many executors all nodes offer together.</summary>
    public int Slots => _nodes.Sum(node => node.Slots);

    /// <summary>A node offers slots.</summary>
    public IReadOnlyList<Grant> NodeJoined(NodeId id, int slots)
    {
        _nodes.Add(new Node(id, slots));
        return Place();
    }

    /// <summary>A node is gone, with all that ran there.</summary>
    public IReadOnlyList<Grant> NodeLeft(NodeId id)
    {
        _nodes.RemoveAll(node => node.Id == id);
        foreach (var pool in _pools)
            pool.Granted.Remove(id);
        return Place();
    }

    /// <summary>A node takes no more.</summary>
    public IReadOnlyList<Grant> NodeDrains(NodeId id)
    {
        foreach (var node in _nodes.Where(node => node.Id == id))
            node.IsDraining = true;
        return Place();
    }

    /// <summary>A pool wants executors; 0 is every slot.</summary>
    public IReadOnlyList<Grant> PoolWants(PoolId id, int executors)
    {
        _pools.Add(new Pool(id, executors == 0 ? int.MaxValue : executors));
        return Place();
    }

    /// <summary>A pool wants none any more.</summary>
    public IReadOnlyList<Grant> PoolLeft(PoolId id)
    {
        var withdrawn = _pools.Where(pool => pool.Id == id)
            .SelectMany(pool => Changes(pool, pool.Granted, [])).ToList();
        _pools.RemoveAll(pool => pool.Id == id);
        return [.. withdrawn, .. Place()];
    }

    /// <summary>A node that is there, for people.</summary>
    public NodeInfo Describe(NodeId id, string name)
    {
        var node = _nodes.Single(node => node.Id == id);
        return new NodeInfo(name, node.Slots, _pools.Sum(pool => pool.On(node)), node.IsDraining);
    }

    private List<Grant> Place()
    {
        var before = _pools.ToDictionary(pool => pool.Id, pool => new Dictionary<NodeId, int>(pool.Granted));
        var open = _nodes.Where(node => !node.IsDraining).ToList();
        var shares = Shares(open.Sum(node => (long)node.Slots), open.Count > 0);
        for (var i = 0; i < _pools.Count; i++)
            Shrink(_pools[i], open, shares[i]);
        for (var i = 0; i < _pools.Count; i++)
            Grow(_pools[i], open, shares[i]);
        return [.. _pools.SelectMany(pool => Changes(pool, before[pool.Id], pool.Granted))];
    }

    private long[] Shares(long capacity, bool hasNodes) =>
        hasNodes ? FairShares.Of([.. _pools.Select(pool => pool.Wanted)], capacity) : new long[_pools.Count];

    private static void Shrink(Pool pool, List<Node> open, long share)
    {
        foreach (var node in pool.Granted.Keys.Where(id => open.All(node => node.Id != id)).ToList())
            pool.Granted.Remove(node);
        while (pool.Total > share)
        {
            var fullest = open.Where(node => pool.On(node) > 0).MaxBy(node => pool.On(node))!;
            pool.Granted[fullest.Id]--;
        }
    }

    private void Grow(Pool pool, List<Node> open, long share)
    {
        while (pool.Total < share)
        {
            var freest = open.MaxBy(node => node.Slots - _pools.Sum(other => (long)other.On(node)))!;
            pool.Granted[freest.Id] = pool.On(freest) + 1;
        }
    }

    private static List<Grant> Changes(Pool pool, Dictionary<NodeId, int> before, Dictionary<NodeId, int> after) =>
    [
        .. before.Keys.Union(after.Keys)
            .Where(node => before.GetValueOrDefault(node) != after.GetValueOrDefault(node))
            .Select(node => new Grant(node, pool.Id, after.GetValueOrDefault(node))),
    ];

    private sealed class Node(NodeId id, int slots)
    {
        public NodeId Id => id;

        public int Slots => slots;

        public bool IsDraining { get; set; }
    }

    private sealed class Pool(PoolId id, int wanted)
    {
        public PoolId Id => id;

        public int Wanted => wanted;

        public Dictionary<NodeId, int> Granted { get; } = [];

        public long Total => Granted.Values.Sum(executors => (long)executors);

        public int On(Node node) => Granted.GetValueOrDefault(node.Id);
    }
}
