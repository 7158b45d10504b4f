using Actors.Messages.Collections;
using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>
/// Identifies a function of the user's code. Only the client, which creates it, and the worker, which resolves it, decode
/// <see cref="Definition"/>. Coordinator and node only compare and forward it.
/// </summary>
/// <param name="Name">The name for messages and logs: <c>Namespace.Type.Method</c>.</param>
/// <param name="Definition">The encoded definition: assembly, method, type arguments, shape.</param>
[MemoryPackable]
public sealed partial record FunctionRef(string Name, ReadOnlyMemory<byte> Definition)
{
    /// <summary>Compares the definitions byte by byte.</summary>
    public bool Equals(FunctionRef? other) =>
        ReferenceEquals(this, other) || (other is not null && Definition.Span.SequenceEqual(other.Definition.Span));

    /// <inheritdoc/>
    public override int GetHashCode() => SeededHash.ComputeBytes(Definition.Span);
}
