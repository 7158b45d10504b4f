namespace Actors.Coordinator.Nodes;

/// <summary>
/// Nodes in the order of their free slots, the one with most slots first. During a placement, slots and resources only decrease. So a node
/// that cannot be used is removed for good, and the position of a node is corrected when it comes first.
/// </summary>
/// <param name="nodes">The nodes.</param>
internal sealed class CapacityQueue(IEnumerable<FreeCapacity> nodes)
{
    private readonly PriorityQueue<FreeCapacity, (int NegativeSlots, long Order)> _nodes =
        new(nodes.Select(static node => (node, GetPriority(node))));

    /// <summary>Finds the node with most free slots that meets a condition. A node that does not meet it never meets it later.</summary>
    public FreeCapacity? FindFirst(Func<FreeCapacity, bool> condition)
    {
        while (_nodes.TryPeek(out var node, out var priority))
        {
            if (node.Slots <= 0 || !condition(node))
                _nodes.Dequeue();
            else if (priority == GetPriority(node))
                return node;
            else
                _nodes.DequeueEnqueue(node, GetPriority(node));
        }

        return null;
    }

    private static (int NegativeSlots, long Order) GetPriority(FreeCapacity node) => (-node.Slots, node.Order);
}
