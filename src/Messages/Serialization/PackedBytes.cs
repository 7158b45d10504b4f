using System.Runtime.Serialization;
using MemoryPack;

namespace Actors.Messages.Serialization;

/// <summary>
/// Reads MemoryPack's bytes from another process. MemoryPack's reader trusts lengths: a string header of <see cref="int.MinValue"/> or a
/// negative member length makes it read outside of the bytes, which ends the process. So the bytes are first checked with the
/// <see cref="PackedShape"/> of their type. MemoryPack reads only bytes with correct lengths.
/// </summary>
public static class PackedBytes
{
    /// <summary>Reads a contract.</summary>
    /// <exception cref="SerializationException">The bytes are not those of such a contract.</exception>
    public static T DeserializeContract<T>(ReadOnlySpan<byte> bytes)
        where T : class => (T)DeserializeContract(typeof(T), bytes);

    /// <summary>Reads a contract.</summary>
    /// <exception cref="SerializationException">The bytes are not those of such a contract.</exception>
    public static object DeserializeContract(Type contract, ReadOnlySpan<byte> bytes)
    {
        var cursor = new PackedCursor(bytes, contract);
        PackedShape.ForContract(contract).CheckValue(ref cursor);
        cursor.RequireEnd();
        try
        {
#pragma warning disable RS0030 // The bytes were checked.
            return MemoryPackSerializer.Deserialize(contract, bytes)!;
#pragma warning restore RS0030
        }
        catch (Exception exception)
        {
            // Errors that lengths do not reveal: text that is not UTF-8, or too little memory.
            throw new SerializationException($"The bytes are not those of {contract.Name}: {exception.Message}", exception);
        }
    }
}
