using Actors.Messages;
using Actors.Messages.Nodes;

namespace Actors.Coordinator.Nodes;

/// <summary>A node that offers slots.</summary>
/// <param name="id">The node.</param>
/// <param name="order">Its position among all nodes.</param>
/// <param name="slots">The slots that it offers.</param>
/// <param name="traits">Its labels and resources.</param>
internal sealed class PlacementNode(NodeId id, long order, int slots, NodeTraits traits)
{
    private readonly HashSet<string> _labels = [.. traits.Labels];

    public NodeId Id => id;

    public long Order => order;

    public int Slots => slots;

    public NodeTraits Traits => traits;

    public IReadOnlyDictionary<string, decimal> Resources { get; } = ResourceAmount.SumByName(traits.Resources);

    public bool IsDraining { get; set; }

    /// <summary>Whether the node has the labels that a pool needs.</summary>
    public bool HasLabelsFor(PlacementPool pool) => pool.Labels.IsSubsetOf(_labels);
}
