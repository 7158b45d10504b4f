using System.Collections.Immutable;
using System.Globalization;
using MemoryPack;

namespace Actors.Messages.Nodes;

/// <summary>So much of something that is counted, such as GPUs.</summary>
/// <param name="Name">What.</param>
/// <param name="Amount">How much; more than 0.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ResourceAmount(string Name, decimal Amount)
{
    private const decimal SmallestAmount = 0.000001m;

    /// <summary>How much; whoever says less than nothing, or nothing, is taken to mean next to nothing.</summary>
    public decimal Amount { get; init; } = Math.Max(Amount, SmallestAmount);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}={Amount}");
}

/// <summary>What a node has, or an executor needs, beside a slot.</summary>
/// <param name="Labels">Each is there or not.</param>
/// <param name="Resources">Of each there is so much, which executors share.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record NodeTraits(ImmutableArray<string> Labels, ImmutableArray<ResourceAmount> Resources)
{
    /// <summary>Nothing.</summary>
    public static NodeTraits None { get; } = new([], []);

    /// <summary>Whether one executor that needs this can be where nothing is taken.</summary>
    public bool Satisfies(NodeTraits needs) =>
        needs.Labels.All(Labels.Contains)
        && needs.Resources.All(
            need => Resources.Where(resource => resource.Name == need.Name).Sum(resource => resource.Amount) >= need.Amount);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Labels.Concat(Resources.Select(resource => $"{resource}")));
}
