using System.Runtime.Serialization;
using MemoryPack;

namespace Actors.Messages.Serialization;

/// <summary>
/// Reads MemoryPack's bytes that another process wrote. MemoryPack's reader trusts lengths: a string header of <see cref="int.MinValue"/> or a
/// negative member length makes it read outside of the bytes, which ends the process. The bytes are therefore checked first against the
/// <see cref="PackedShape"/> of their type; MemoryPack reads only bytes whose every length is right.
/// </summary>
internal static class PackedBytes
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
            // What no length says: text that is not UTF-8, or no memory for what has arrived.
            throw new SerializationException($"The bytes are not those of {contract.Name}: {exception.Message}", exception);
        }
    }
}
