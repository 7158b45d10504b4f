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
    internal static void RequireCarried<T>() => RefusalCache<T>.ThrowIfRefused();

    /// <summary>As <see cref="RequireCarried{T}"/>, for a type known at run time.</summary>
    internal static void RequireCarried(Type type)
    {
        if (TypeCheck.FindRefusal(type) is { } refusal)
        {
            throw new NotCarriedException(refusal);
        }
    }

    /// <summary>Writes one value.</summary>
    /// <exception cref="NotCarriedException">The type or this value cannot be carried.</exception>
    internal static void WriteValue<T>(IBufferWriter<byte> output, T value)
    {
        RefusalCache<T>.ThrowIfRefused();
        var writer = new ValueWriter(output);
        writer.WriteValue(value);
        writer.FlushBuffer();
    }

    /// <summary>One value as bytes of its own.</summary>
    /// <exception cref="NotCarriedException">The type or this value cannot be carried.</exception>
    internal static ReadOnlyMemory<byte> ToBytes<T>(T value)
    {
        var buffer = ValueBuffer.RentBuffer();
        WriteValue(buffer, value);
        return buffer.DetachBytes();
    }

    /// <summary>As <see cref="ToBytes{T}(T)"/>, and what must not go before the value has arrived.</summary>
    internal static ReadOnlyMemory<byte> ToBytes<T>(T value, out List<object>? keptAlive)
    {
        RefusalCache<T>.ThrowIfRefused();
        var buffer = ValueBuffer.RentBuffer();
        var writer = new ValueWriter(buffer);
        writer.WriteValue(value);
        writer.FlushBuffer();
        keptAlive = writer.KeptAlive;
        return buffer.DetachBytes();
    }

    /// <summary>Reads one value, which must be all that there is.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a value.</exception>
    /// <exception cref="NotCarriedException">The type cannot be carried.</exception>
    internal static T ReadValue<T>(ReadOnlySpan<byte> bytes, CancellationToken jobToken = default)
    {
        RefusalCache<T>.ThrowIfRefused();
        try
        {
            var reader = new ValueReader(bytes, jobToken);
            var value = reader.ReadValue<T>();
            reader.RequireEnd();
            return value;
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw CreateMalformedException<T>(e);
        }
    }

    /// <summary>
    /// Constructors of collections and the like answer malformed bytes with exceptions of their own. That what a value names is not there
    /// any more, as shared memory may be, is not the bytes' fault.
    /// </summary>
    internal static bool IsMalformed(Exception exception) =>
        exception is not (InvalidDataException or NotCarriedException or OutOfMemoryException or FileNotFoundException);

    /// <summary>States that bytes are not a value of a type.</summary>
    internal static InvalidDataException CreateMalformedException<T>(Exception reason) =>
        new($"The bytes are not a {TypeNames.GetFullName(typeof(T))}: {reason.Message}", reason);
}
