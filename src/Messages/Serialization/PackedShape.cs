using System.Collections.Concurrent;
using System.Runtime.Serialization;

namespace Actors.Messages.Serialization;

/// <summary>The structure of a type in MemoryPack's format, as far as the check of lengths needs it.</summary>
public abstract class PackedShape
{
    private static readonly ConcurrentDictionary<Type, PackedShape> Contracts = new();

    /// <summary>The smallest size of a value in bytes. It limits the allocation for an announced number of items.</summary>
    public abstract int Smallest { get; }

    /// <summary>Checks and skips the bytes of one value.</summary>
    /// <exception cref="SerializationException">A length is wrong, or a required value is null.</exception>
    public abstract void CheckValue(ref PackedCursor cursor);

    /// <summary>Gets the shape of a contract that must not be null.</summary>
    public static PackedShape ForContract(Type contract) =>
        Contracts.GetOrAdd(contract, static type => PackedShapes.CreateShape(type, isNullable: false));
}
