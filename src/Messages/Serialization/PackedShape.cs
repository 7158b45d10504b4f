using System.Collections.Concurrent;
using System.Runtime.Serialization;

namespace Actors.Messages.Serialization;

/// <summary>The structure of a type in MemoryPack's format, as far as it is needed to check the lengths in its bytes.</summary>
internal abstract class PackedShape
{
    private static readonly ConcurrentDictionary<Type, PackedShape> Contracts = new();

    /// <summary>The least number of bytes that a value takes. What the reader allocates for an announced count follows from it.</summary>
    public abstract int Smallest { get; }

    /// <summary>Passes the bytes of one value.</summary>
    /// <exception cref="SerializationException">A length in them is wrong, or a value that must be there is null.</exception>
    public abstract void CheckValue(ref PackedCursor cursor);

    /// <summary>Gets the shape of a contract that must not be null.</summary>
    public static PackedShape ForContract(Type contract) =>
        Contracts.GetOrAdd(contract, static type => PackedShapes.CreateShape(type, isNullable: false));
}
