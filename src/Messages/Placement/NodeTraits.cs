using System.Collections.Immutable;
using System.Globalization;
using MemoryPack;

namespace Actors.Messages.Nodes;

/// <summary>An amount of a countable resource, such as GPUs.</summary>
/// <param name="Name">The name of the resource.</param>
/// <param name="Amount">The amount, greater than 0 and at most a million millions.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ResourceAmount(string Name, decimal Amount)
{
    private const decimal SmallestAmount = 0.000001m;

    /// <summary>The sum of many such amounts is a number.</summary>
    private const decimal LargestAmount = 1_000_000_000_000m;

    /// <summary>
    /// The amount. Zero and negative amounts, and bytes that are not a number, are replaced by the smallest positive one.
    /// </summary>
    public decimal Amount { get; init; } = IsNumber(Amount) ? Math.Clamp(Amount, SmallestAmount, LargestAmount) : SmallestAmount;

    /// <summary>Adds the amounts of each resource.</summary>
    public static IReadOnlyDictionary<string, decimal> SumByName(IEnumerable<ResourceAmount> amounts) =>
        amounts.GroupBy(amount => amount.Name).ToDictionary(same => same.Key, same => same.Sum(amount => amount.Amount));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}={Amount}");

    /// <summary>Whether the scale, which another process sends as a byte, is one of a number.</summary>
    private static bool IsNumber(decimal amount)
    {
        const int UnusedBits = 0x7F00FFFF;
        return (decimal.GetBits(amount)[3] & UnusedBits) == 0 && amount.Scale <= 28;
    }
}

/// <summary>The labels and resources that a node has, or that a worker needs in addition to a slot.</summary>
/// <param name="Labels">The labels.</param>
/// <param name="Resources">The resources, which the workers of a node share.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record NodeTraits(ImmutableArray<string> Labels, ImmutableArray<ResourceAmount> Resources)
{
    /// <summary>The most labels and resources of a node or a pool.</summary>
    public const int MaxCount = 1000;

    /// <summary>The longest name of a label or resource.</summary>
    public const int LongestName = 1000;

    /// <summary>The most bytes of the labels and resources of a node, as <see cref="MeasureMemory"/> counts them.</summary>
    public const int LargestOfNode = 64 << 10;

    /// <summary>The bytes of a label or resource without its name.</summary>
    private const int NameOverhead = 64;

    /// <summary>No labels and no resources.</summary>
    public static NodeTraits None { get; } = new([], []);

    /// <summary>Whether there are as few and as short names as a program of this library sends.</summary>
    [MemoryPackIgnore]
    public bool AreReasonable => !Labels.IsDefault && !Resources.IsDefault && Labels.Length + Resources.Length <= MaxCount
        && Labels.Concat(Resources.Select(resource => resource?.Name)).All(name => name is { Length: <= LongestName });

    /// <summary>Measures the memory of reasonable traits in bytes, approximately.</summary>
    public long MeasureMemory() => Labels.Concat(Resources.Select(resource => resource.Name)).Sum(
        static name => NameOverhead + ((long)name.Length * sizeof(char)));

    /// <summary>Whether a node with these traits and no workers can run a worker with these needs.</summary>
    public bool Satisfies(NodeTraits needs) =>
        needs.Labels.All(Labels.Contains)
        && needs.Resources.All(
            need => Resources.Where(resource => resource.Name == need.Name).Sum(resource => resource.Amount) >= need.Amount);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Labels.Concat(Resources.Select(resource => $"{resource}")));
}
