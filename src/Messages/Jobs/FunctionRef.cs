using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>
/// Names a method of the user's code bundle. Only the client, which makes it, and the executor, which resolves it, look into
/// <see cref="Definition"/>; everyone between compares and forwards it.
/// </summary>
/// <param name="Name">For people: <c>Namespace.Type.Method</c>.</param>
/// <param name="Definition">The encoded definition: assembly, method, type arguments, shape.</param>
[MemoryPackable]
public sealed partial record FunctionRef(string Name, ReadOnlyMemory<byte> Definition)
{
    /// <summary>Equal when the definitions are, byte for byte.</summary>
    public bool Equals(FunctionRef? other) =>
        ReferenceEquals(this, other) || (other is not null && Definition.Span.SequenceEqual(other.Definition.Span));

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Definition.Span);
        return hash.ToHashCode();
    }
}
