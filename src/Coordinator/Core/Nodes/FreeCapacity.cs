using Actors.Messages;

namespace Actors.Coordinator.Nodes;

/// <summary>The slots and resources of a node that are not granted.</summary>
/// <param name="node">The node.</param>
/// <param name="slots">The slots that may be granted.</param>
internal sealed class FreeCapacity(PlacementNode node, int slots)
{
    private readonly Dictionary<string, decimal> _resources = new(node.Resources);

    public NodeId Id => node.Id;

    public long Order => node.Order;

    public int Slots { get; private set; } = slots;

    /// <summary>Whether the node has the labels and the free resources that an executor of a pool needs.</summary>
    public bool CanRun(PlacementPool pool) => node.HasLabelsFor(pool) && HasResourcesFor(pool);

    /// <summary>Whether the node has the free resources that an executor of a pool needs.</summary>
    public bool HasResourcesFor(PlacementPool pool)
    {
        foreach (var (name, amount) in pool.Resources)
        {
            if (_resources.GetValueOrDefault(name) < amount)
                return false;
        }

        return true;
    }

    public bool HasLabelsFor(PlacementPool pool) => node.HasLabelsFor(pool);

    public void AssignTo(PlacementPool pool)
    {
        Slots--;
        foreach (var (name, amount) in pool.Resources)
            _resources[name] -= amount;
        pool.AddExecutorOn(node.Id);
    }
}
