namespace Actors.Memory;

/// <summary>Where the bytes of a shared array lie.</summary>
internal interface IArrayStore
{
    /// <summary>Fills the span with the bytes from an offset on.</summary>
    void Read(long offset, Span<byte> bytes);

    /// <summary>Puts the bytes at an offset.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <inheritdoc cref="Read"/>
    ValueTask<byte[]> ReadAsync(long offset, int count, CancellationToken cancellationToken);

    /// <inheritdoc cref="Write"/>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
