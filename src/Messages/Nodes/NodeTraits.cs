using System.Collections.Immutable;
using System.Globalization;
using MemoryPack;

namespace Actors.Messages.Nodes;

/// <summary>An amount of a countable resource, such as GPUs.</summary>
/// <param name="Name">The name of the resource.</param>
/// <param name="Amount">The amount, greater than 0.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ResourceAmount(string Name, decimal Amount)
{
    private const decimal SmallestAmount = 0.000001m;

    /// <summary>The amount. Zero and negative amounts are replaced by the smallest positive one.</summary>
    public decimal Amount { get; init; } = Math.Max(Amount, SmallestAmount);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}={Amount}");
}

/// <summary>The labels and resources that a node has, or that a worker needs in addition to a slot.</summary>
/// <param name="Labels">The labels.</param>
/// <param name="Resources">The resources, which the workers of a node share.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record NodeTraits(ImmutableArray<string> Labels, ImmutableArray<ResourceAmount> Resources)
{
    /// <summary>No labels and no resources.</summary>
    public static NodeTraits None { get; } = new([], []);

    /// <summary>Whether a node with these traits and no workers can run a worker with these needs.</summary>
    public bool Satisfies(NodeTraits needs) =>
        needs.Labels.All(Labels.Contains)
        && needs.Resources.All(
            need => Resources.Where(resource => resource.Name == need.Name).Sum(resource => resource.Amount) >= need.Amount);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Labels.Concat(Resources.Select(resource => $"{resource}")));
}
