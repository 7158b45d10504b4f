using Actors.Messages;

namespace Actors.Coordinator.Nodes;

/// <summary>Places the executors of one pool anew. It prefers nodes that had some before, and then those with most slots.</summary>
internal sealed class PoolPlacement
{
    private readonly CapacityQueue _former;
    private readonly CapacityQueue _suitable;

    /// <param name="pool">The pool. Its executors are removed.</param>
    /// <param name="order">Its position among all pools.</param>
    /// <param name="open">The nodes that take executors.</param>
    /// <param name="all">The queue of all these nodes, which pools without needs share.</param>
    public PoolPlacement(PlacementPool pool, int order, IReadOnlyDictionary<NodeId, FreeCapacity> open, CapacityQueue all)
    {
        (Pool, Order, Before) = (pool, order, pool.RemoveAll());
        _former = new CapacityQueue(Before.Keys.Select(node => open.GetValueOrDefault(node)).OfType<FreeCapacity>());
        _suitable = pool.HasNeeds ? new CapacityQueue(open.Values.Where(node => node.HasLabelsFor(pool))) : all;
    }

    /// <summary>The pool.</summary>
    public PlacementPool Pool { get; }

    /// <summary>Its position among all pools.</summary>
    public int Order { get; }

    /// <summary>The executors that it had before.</summary>
    public IReadOnlyDictionary<NodeId, int> Before { get; }

    /// <summary>Places one executor in a free slot.</summary>
    /// <returns>Whether a node has one.</returns>
    public bool TryPlace()
    {
        if ((_former.FindFirst(HadMore) ?? _suitable.FindFirst(node => node.HasResourcesFor(Pool))) is not { } chosen)
            return false;
        chosen.AssignTo(Pool);
        return true;
    }

    /// <summary>Places one executor on a node that meets the needs, although it has no free slot.</summary>
    public void PlaceBeyondSlots(IEnumerable<FreeCapacity> open) => open
        .Where(node => node.CanRun(Pool)).MaxBy(node => (Before.ContainsKey(node.Id), node.Slots))?.AssignTo(Pool);

    private bool HadMore(FreeCapacity node) =>
        node.HasResourcesFor(Pool) && Before.GetValueOrDefault(node.Id) > Pool.CountOn(node.Id);
}
