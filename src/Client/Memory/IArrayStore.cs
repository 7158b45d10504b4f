namespace Actors.Memory;

/// <summary>Where the bytes of a shared array lie.</summary>
internal interface IArrayStore
{
    /// <summary>Fills the span with the bytes from an offset on.</summary>
    void Read(long offset, Span<byte> bytes);

    /// <summary>Puts the bytes at an offset.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);
}
