using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Nodes;

namespace Actors.Coordinator.Nodes;

/// <summary>The number of executors that a node provides for a pool.</summary>
public readonly record struct ExecutorGrant(NodeId Node, PoolId Pool, int Executors);

/// <summary>
/// Distributes the slots of nodes over pools with max-min fairness. Every pool gets at least one executor while some node meets its needs.
/// Executors are moved only if necessary. Has no actor and no clock.
/// </summary>
public sealed class PlacementState
{
    /// <summary>
    /// The most slots of all nodes together that are granted: each is placed on its own. Above it, the nodes with most slots use fewer of
    /// them, so a node that offers an absurd number takes none from others.
    /// </summary>
    public const int MaxSlots = 65_536;

    private readonly Dictionary<NodeId, PlacementNode> _nodes = [];
    private readonly List<PlacementPool> _pools = [];
    private long _added;

    /// <summary>The number of executors that all nodes offer together.</summary>
    public int Slots => _nodes.Values.Sum(node => node.Slots);

    /// <summary>Adds a node with its slots.</summary>
    public IReadOnlyList<ExecutorGrant> AddNode(NodeId id, int slots, NodeTraits? traits = null)
    {
        _nodes.Add(id, new PlacementNode(id, ++_added, slots, traits ?? NodeTraits.None));
        return PlaceExecutors();
    }

    /// <summary>Removes a node with all its executors.</summary>
    public IReadOnlyList<ExecutorGrant> RemoveNode(NodeId id)
    {
        _nodes.Remove(id);
        foreach (var pool in _pools)
            pool.RemoveNode(id);
        return PlaceExecutors();
    }

    /// <summary>Marks a node that takes no more executors.</summary>
    public IReadOnlyList<ExecutorGrant> DrainNode(NodeId id)
    {
        if (_nodes.TryGetValue(id, out var node))
            node.IsDraining = true;
        return PlaceExecutors();
    }

    /// <summary>Adds a pool that requests executors; 0 means all slots.</summary>
    public IReadOnlyList<ExecutorGrant> AddPool(PoolId id, int executors, NodeTraits? needs = null)
    {
        _pools.Add(new PlacementPool(id, executors == 0 ? int.MaxValue : executors, needs ?? NodeTraits.None));
        return PlaceExecutors();
    }

    /// <summary>Removes a pool.</summary>
    public IReadOnlyList<ExecutorGrant> RemovePool(PoolId id)
    {
        var withdrawn = _pools.Where(pool => pool.Id == id)
            .SelectMany(pool => pool.Granted.Keys.Select(node => new ExecutorGrant(node, id, 0))).ToList();
        _pools.RemoveAll(pool => pool.Id == id);
        return [.. withdrawn, .. PlaceExecutors()];
    }

    /// <summary>Gets the number of executors that all nodes provide for a pool.</summary>
    public long CountGranted(PoolId id) => _pools.Where(pool => pool.Id == id).Sum(pool => pool.Total);

    /// <summary>Gets the number of slots that nodes offer.</summary>
    public long CountSlots(IEnumerable<NodeId> nodes) => nodes.Sum(node => (long)(_nodes.GetValueOrDefault(node)?.Slots ?? 0));

    /// <summary>Finds the nodes that provide executors for a pool.</summary>
    public ImmutableArray<NodeId> FindNodesOf(PoolId id) => [.. _pools.Where(pool => pool.Id == id).SelectMany(pool => pool.Granted.Keys)];

    /// <summary>Describes a node for operators.</summary>
    public NodeInfo DescribeNode(NodeId id, string name)
    {
        var node = _nodes[id];
        return new NodeInfo(name, node.Slots, _pools.Sum(pool => pool.CountOn(id)), node.IsDraining, $"{node.Traits}");
    }

    /// <summary>Places one executor at a time for the pool with the fewest, on the node where it had one before if possible.</summary>
    private List<ExecutorGrant> PlaceExecutors()
    {
        if (_pools.Count == 0)
            return [];
        var open = FindOpenNodes();
        var all = new CapacityQueue(open.Values);
        var placements = _pools.Select((pool, i) => new PoolPlacement(pool, i, open, all)).ToList();
        var hungry = new PriorityQueue<PoolPlacement, (long Total, int Order)>(
            placements.Select(placement => (placement, (0L, placement.Order))));
        while (hungry.TryDequeue(out var next, out _))
        {
            if (next.TryPlace() && next.Pool.Total < next.Pool.Requested)
                hungry.Enqueue(next, (next.Pool.Total, next.Order));
        }

        // Every pool gets one executor, even beyond the slots: pools do not take turns, so it could wait forever.
        foreach (var placement in placements.Where(placement => placement.Pool.Total == 0))
            placement.PlaceBeyondSlots(open.Values);
        return [.. placements.SelectMany(GetChanges)];
    }

    private OrderedDictionary<NodeId, FreeCapacity> FindOpenNodes()
    {
        var nodes = _nodes.Values.Where(node => !node.IsDraining).OrderBy(node => node.Order).ToList();
        var most = FindMostSlots(nodes);
        return new(nodes.Select(node => KeyValuePair.Create(node.Id, new FreeCapacity(node, Math.Min(node.Slots, most)))));
    }

    /// <summary>Finds the number of slots up to which each node is used, so that all together stay within <see cref="MaxSlots"/>.</summary>
    private static int FindMostSlots(List<PlacementNode> nodes)
    {
        var (left, count) = ((long)MaxSlots, nodes.Count);
        foreach (var slots in nodes.Select(node => node.Slots).Order())
        {
            if ((long)slots * count > left)
                return (int)Math.Max(1, left / count);
            left -= slots;
            count--;
        }

        return int.MaxValue;
    }

    private static IEnumerable<ExecutorGrant> GetChanges(PoolPlacement placement)
    {
        var (pool, before) = (placement.Pool, placement.Before);
        return before.Keys.Union(pool.Granted.Keys)
            .Where(node => before.GetValueOrDefault(node) != pool.CountOn(node))
            .Select(node => new ExecutorGrant(node, pool.Id, pool.CountOn(node)));
    }
}
