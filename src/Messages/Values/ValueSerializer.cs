using System.Buffers;

namespace Actors.Messages.Values;

/// <summary>
/// Serializes user values. The format depends on the static type and contains no type names, because both sides run the same code.
/// MemoryPack encodes contracts only (see <see cref="MemoryPackAttributes"/>): its first use takes longer than a whole job may in a
/// fresh worker, and this library must limit depth and lengths and explain refusals itself.
/// </summary>
public static class ValueSerializer
{
    /// <summary>Throws when a type cannot be carried. Call it before anything is written.</summary>
    /// <exception cref="NotCarriedException">The type, or one that it holds, cannot be carried.</exception>
    public static void RequireCarried<T>() => RefusalCache<T>.ThrowIfRefused();

    /// <summary>Throws when a type that is known only at run time cannot be carried.</summary>
    public static void RequireCarried(Type type)
    {
        if (TypeCheck.FindRefusal(type) is { } refusal)
        {
            throw new NotCarriedException(refusal);
        }
    }

    /// <summary>Writes one value.</summary>
    /// <exception cref="NotCarriedException">The type or this value cannot be carried.</exception>
    public static void WriteValue<T>(IBufferWriter<byte> output, T value)
    {
        RefusalCache<T>.ThrowIfRefused();
        var writer = new ValueWriter(output);
        writer.WriteValue(value);
        writer.FlushBuffer();
    }

    /// <summary>Encodes one value to a new array.</summary>
    /// <exception cref="NotCarriedException">The type or this value cannot be carried.</exception>
    public static ReadOnlyMemory<byte> ToBytes<T>(T value)
    {
        var buffer = ValueBuffer.RentBuffer();
        WriteValue(buffer, value);
        return buffer.DetachBytes();
    }

    /// <summary>Encodes one value, and returns the objects that must stay alive until the value has arrived.</summary>
    public static ReadOnlyMemory<byte> ToBytes<T>(T value, out List<object>? keptAlive)
    {
        RefusalCache<T>.ThrowIfRefused();
        var buffer = ValueBuffer.RentBuffer();
        var writer = new ValueWriter(buffer);
        writer.WriteValue(value);
        writer.FlushBuffer();
        keptAlive = writer.KeptAlive;
        return buffer.DetachBytes();
    }

    /// <summary>Reads bytes that contain one value.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a value.</exception>
    /// <exception cref="NotCarriedException">The type cannot be carried.</exception>
    public static T ReadValue<T>(ReadOnlySpan<byte> bytes, CancellationToken jobToken = default)
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

    /// <summary>Creates a receiver of a value whose bytes arrive in parts; null if it is decoded from all of its bytes.</summary>
    /// <param name="length">The number of bytes of the encoded value.</param>
    public static ValueReceiver<T>? CreateReceiver<T>(int length) => FormatterCache<T>.Formatter.CreateReceiver(length);

    /// <summary>
    /// Whether an exception during reading means that the bytes are malformed. Collections throw exceptions of their own for malformed
    /// bytes. A missing file is excluded: shared memory that a value refers to may have been removed.
    /// </summary>
    public static bool IsMalformed(Exception exception) =>
        exception is not (InvalidDataException or NotCarriedException or OutOfMemoryException or FileNotFoundException);

    /// <summary>Creates the exception for bytes that are not a value of a type.</summary>
    public static InvalidDataException CreateMalformedException<T>(Exception reason) =>
        new($"The bytes are not a {TypeNames.GetFullName(typeof(T))}: {reason.Message}", reason);
}
