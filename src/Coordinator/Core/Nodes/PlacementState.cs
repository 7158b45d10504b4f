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
    private readonly List<PlacementNode> _nodes = [];
    private readonly List<PlacementPool> _pools = [];

    /// <summary>The number of executors that all nodes offer together.</summary>
    public int Slots => _nodes.Sum(node => node.Slots);

    /// <summary>Adds a node with its slots.</summary>
    public IReadOnlyList<ExecutorGrant> AddNode(NodeId id, int slots, NodeTraits? traits = null)
    {
        _nodes.Add(new PlacementNode(id, slots, traits ?? NodeTraits.None));
        return PlaceExecutors();
    }

    /// <summary>Removes a node with all its executors.</summary>
    public IReadOnlyList<ExecutorGrant> RemoveNode(NodeId id)
    {
        _nodes.RemoveAll(node => node.Id == id);
        foreach (var pool in _pools)
            pool.Granted.Remove(id);
        return PlaceExecutors();
    }

    /// <summary>Marks a node that takes no more executors.</summary>
    public IReadOnlyList<ExecutorGrant> DrainNode(NodeId id)
    {
        foreach (var node in _nodes.Where(node => node.Id == id))
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
            .SelectMany(pool => GetChanges(pool, pool.Granted, [])).ToList();
        _pools.RemoveAll(pool => pool.Id == id);
        return [.. withdrawn, .. PlaceExecutors()];
    }

    /// <summary>Gets the number of executors that all nodes provide for a pool.</summary>
    public long CountGranted(PoolId id) => _pools.Where(pool => pool.Id == id).Sum(pool => pool.Total);

    /// <summary>Finds the nodes that provide executors for a pool.</summary>
    public ImmutableArray<NodeId> FindNodesOf(PoolId id) => [.. _pools.Where(pool => pool.Id == id).SelectMany(pool => pool.Granted.Keys)];

    /// <summary>Describes a node for operators.</summary>
    public NodeInfo DescribeNode(NodeId id, string name)
    {
        var node = _nodes.Single(node => node.Id == id);
        return new NodeInfo(name, node.Slots, _pools.Sum(pool => pool.CountOn(node)), node.IsDraining, $"{node.Traits}");
    }

    /// <summary>Places one executor at a time for the pool with the fewest, on the node where it had one before if possible.</summary>
    private List<ExecutorGrant> PlaceExecutors()
    {
        var before = _pools.ToDictionary(pool => pool.Id, pool => new Dictionary<NodeId, int>(pool.Granted));
        var open = _nodes.Where(node => !node.IsDraining).Select(node => new FreeCapacity(node)).ToList();
        foreach (var pool in _pools)
            pool.Granted.Clear();

        var hungry = new PriorityQueue<(PlacementPool Pool, int Order), (long Total, int Order)>(
            _pools.Select((pool, i) => ((pool, i), (0L, i))));
        while (hungry.TryDequeue(out var next, out _))
        {
            if (ChooseNode(next.Pool, open, before[next.Pool.Id]) is not { } room)
                continue;
            room.AssignTo(next.Pool);
            if (next.Pool.Total < next.Pool.Requested)
                hungry.Enqueue(next, (next.Pool.Total, next.Order));
        }

        // Every pool gets one executor, even beyond the slots: pools do not take turns, so it could wait forever.
        foreach (var pool in _pools.Where(pool => pool.Total == 0))
            open.Where(room => room.CanRun(pool.Needs)).MaxBy(room => (before[pool.Id].ContainsKey(room.Id), room.Slots))?.AssignTo(pool);
        return [.. _pools.SelectMany(pool => GetChanges(pool, before[pool.Id], pool.Granted))];
    }

    private static FreeCapacity? ChooseNode(PlacementPool pool, List<FreeCapacity> open, Dictionary<NodeId, int> before) => open
        .Where(room => room.Slots > 0 && room.CanRun(pool.Needs))
        .MaxBy(room => (before.GetValueOrDefault(room.Id) > pool.CountOn(room.Id), room.Slots));

    private static List<ExecutorGrant> GetChanges(PlacementPool pool, Dictionary<NodeId, int> before, Dictionary<NodeId, int> after) =>
    [
        .. before.Keys.Union(after.Keys)
            .Where(node => before.GetValueOrDefault(node) != after.GetValueOrDefault(node))
            .Select(node => new ExecutorGrant(node, pool.Id, after.GetValueOrDefault(node))),
    ];

    private sealed class PlacementNode(NodeId id, int slots, NodeTraits traits)
    {
        public NodeId Id => id;

        public int Slots => slots;

        public NodeTraits Traits => traits;

        public bool IsDraining { get; set; }
    }

    /// <summary>The slots and resources of a node that are not granted.</summary>
    private sealed class FreeCapacity(PlacementNode node)
    {
        private readonly Dictionary<string, decimal> _resources = node.Traits.Resources
            .GroupBy(resource => resource.Name).ToDictionary(same => same.Key, same => same.Sum(resource => resource.Amount));

        public NodeId Id => node.Id;

        public int Slots { get; private set; } = node.Slots;

        public bool CanRun(NodeTraits needs) =>
            needs.Labels.All(label => node.Traits.Labels.Contains(label))
            && needs.Resources.All(resource => _resources.GetValueOrDefault(resource.Name) >= resource.Amount);

        public void AssignTo(PlacementPool pool)
        {
            Slots--;
            foreach (var resource in pool.Needs.Resources)
                _resources[resource.Name] -= resource.Amount;
            pool.AddExecutorOn(node.Id);
        }
    }

    private sealed class PlacementPool(PoolId id, int requested, NodeTraits needs)
    {
        public PoolId Id => id;

        public int Requested => requested;

        public NodeTraits Needs => needs;

        public Dictionary<NodeId, int> Granted { get; } = [];

        public long Total => Granted.Values.Sum(executors => (long)executors);

        public int CountOn(PlacementNode node) => CountOn(node.Id);

        public int CountOn(NodeId node) => Granted.GetValueOrDefault(node);

        public void AddExecutorOn(NodeId node) => Granted[node] = CountOn(node) + 1;
    }
}
