using System.Buffers;

namespace Actors.Messages.Values;

/// <summary>
/// The way of a user's values into bytes and back. The format is ours, chosen by static type, with no type names in it: both sides run
/// the same code. It is not MemoryPack's because the first touch of that costs a fresh executor more than its first job may, and
/// because depth, lengths and refusals are ours to state. MemoryPack encodes contracts only: see <see cref="MemoryPackAttributes"/>.
/// </summary>
internal static class ValueSerializer
{
    /// <summary>Throws when a type cannot be carried: before anything is written.</summary>
    /// <exception cref="NotCarriedException">The type, or one that it holds, cannot be carried.</exception>
    internal static void Require<T>() => Checked<T>.Require();

    /// <summary>As <see cref="Require{T}"/>, for a type known at run time.</summary>
    internal static void Require(Type type)
    {
        if (TypeCheck.RefusalOf(type) is { } refusal)
        {
            throw new NotCarriedException(refusal);
        }
    }

    /// <summary>Writes one value.</summary>
    /// <exception cref="NotCarriedException">The type or this value cannot be carried.</exception>
    internal static void Write<T>(IBufferWriter<byte> output, T value)
    {
        Checked<T>.Require();
        var writer = new ValueWriter(output);
        writer.Write(value);
        writer.Flush();
    }

    /// <summary>One value as bytes of its own.</summary>
    /// <exception cref="NotCarriedException">The type or this value cannot be carried.</exception>
    internal static ReadOnlyMemory<byte> ToBytes<T>(T value)
    {
        var buffer = ValueBuffer.Rent();
        Write(buffer, value);
        return buffer.Detach();
    }

    /// <summary>As <see cref="ToBytes{T}(T)"/>, and what must not go before the value has arrived.</summary>
    internal static ReadOnlyMemory<byte> ToBytes<T>(T value, out List<object>? kept)
    {
        Checked<T>.Require();
        var buffer = ValueBuffer.Rent();
        var writer = new ValueWriter(buffer);
        writer.Write(value);
        writer.Flush();
        kept = writer.Kept;
        return buffer.Detach();
    }

    /// <summary>Reads one value, which must be all that there is.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a value.</exception>
    /// <exception cref="NotCarriedException">The type cannot be carried.</exception>
    internal static T Read<T>(ReadOnlySpan<byte> bytes, CancellationToken jobToken = default)
    {
        Checked<T>.Require();
        try
        {
            var reader = new ValueReader(bytes, jobToken);
            var value = reader.Read<T>();
            reader.End();
            return value;
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw Malformed<T>(e);
        }
    }

    /// <summary>
    /// Constructors of collections and the like answer malformed bytes with exceptions of their own. That what a value names is not there
    /// any more, as shared memory may be, is not the bytes' fault.
    /// </summary>
    internal static bool IsMalformed(Exception exception) =>
        exception is not (InvalidDataException or NotCarriedException or OutOfMemoryException or FileNotFoundException);

    /// <summary>States that bytes are not a value of a type.</summary>
    internal static InvalidDataException Malformed<T>(Exception reason) =>
        new($"The bytes are not a {TypeNames.Of(typeof(T))}: {reason.Message}", reason);
}
