using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Payloads;

/// <summary>The shared values in the arguments of a job. A node downloads each of them once for all jobs of the pool.</summary>
/// <param name="Payloads">The payloads, all different; at least one.</param>
[MemoryPackable]
public sealed partial record SharedPayloads(ImmutableArray<StoredPayload> Payloads)
{
    /// <summary>The largest number of shared values in the arguments of one job.</summary>
    public const int Largest = 256;

    /// <summary>Gets the payloads. A list without payloads from another process is empty, and a longer one is not read.</summary>
    public ImmutableArray<StoredPayload> Payloads { get; } = Payloads.IsDefault ? []
        : Payloads.Length <= Largest ? Payloads
        : throw new ArgumentException($"A job has at most {Largest} shared values; {Payloads.Length} were sent.", nameof(Payloads));

    /// <summary>Whether the other list has the same payloads in the same order. Jobs of a message with equal policies share one.</summary>
    public bool Equals(SharedPayloads? other) => other is not null && Payloads.SequenceEqual(other.Payloads);

    /// <inheritdoc/>
    public override int GetHashCode() => Payloads.Aggregate(0, static (hash, payload) => HashCode.Combine(hash, payload));
}
