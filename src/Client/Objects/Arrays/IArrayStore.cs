namespace Actors.Objects;

/// <summary>The storage of a shared array.</summary>
internal interface IArrayStore
{
    /// <summary>Copies the bytes at an offset into the span.</summary>
    void ReadBytes(long offset, Span<byte> bytes);

    /// <summary>Copies the bytes to an offset.</summary>
    void WriteBytes(long offset, ReadOnlySpan<byte> bytes);

    /// <inheritdoc cref="ReadBytes"/>
    ValueTask<byte[]> ReadBytesAsync(long offset, int count, CancellationToken cancellationToken);

    /// <inheritdoc cref="WriteBytes"/>
    ValueTask WriteBytesAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
