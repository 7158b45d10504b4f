using Actors.Messages;
using Actors.Messages.Nodes;

namespace Actors.Coordinator.Nodes;

/// <summary>A pool that requests executors, and the nodes that provide them.</summary>
/// <param name="id">The pool.</param>
/// <param name="requested">The number of executors that it requests.</param>
/// <param name="needs">The labels and resources that each executor needs.</param>
internal sealed class PlacementPool(PoolId id, int requested, NodeTraits needs)
{
    private Dictionary<NodeId, int> _granted = [];

    public PoolId Id => id;

    public int Requested => requested;

    /// <summary>The labels that a node must have.</summary>
    public HashSet<string> Labels { get; } = [.. needs.Labels];

    /// <summary>The resources that an executor takes.</summary>
    public IReadOnlyDictionary<string, decimal> Resources { get; } = ResourceAmount.SumByName(needs.Resources);

    /// <summary>Whether executors can run on some nodes only.</summary>
    public bool HasNeeds => Labels.Count + Resources.Count > 0;

    public IReadOnlyDictionary<NodeId, int> Granted => _granted;

    /// <summary>The number of its executors on all nodes.</summary>
    public long Total { get; private set; }

    public int CountOn(NodeId node) => _granted.GetValueOrDefault(node);

    public void AddExecutorOn(NodeId node)
    {
        _granted[node] = CountOn(node) + 1;
        Total++;
    }

    /// <summary>Removes the executors of a node.</summary>
    public void RemoveNode(NodeId node)
    {
        if (_granted.Remove(node, out var executors))
            Total -= executors;
    }

    /// <summary>Removes all executors.</summary>
    /// <returns>The removed ones.</returns>
    public IReadOnlyDictionary<NodeId, int> RemoveAll()
    {
        var removed = _granted;
        (_granted, Total) = ([], 0);
        return removed;
    }
}
