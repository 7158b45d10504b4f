namespace Actors.Messages.Values;

/// <summary>Receives the bytes of an encoded value in parts, and decodes them meanwhile. Not thread-safe.</summary>
public abstract class ValueReceiver
{
    /// <summary>The number of bytes of the encoded value.</summary>
    public abstract int Length { get; }

    /// <summary>Adds the next bytes. Malformed bytes are reported by <see cref="ValueReceiver{T}.GetValue"/>.</summary>
    public abstract void AppendBytes(ReadOnlySpan<byte> bytes);
}

/// <inheritdoc/>
/// <typeparam name="T">The type of the value.</typeparam>
public abstract class ValueReceiver<T> : ValueReceiver
{
    /// <summary>Gets the value after all bytes were added.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a value.</exception>
    public abstract T GetValue();
}
