using System.Collections.Concurrent;

namespace Actors.Memory;

/// <summary>In memory that the processes of this machine share.</summary>
internal sealed class LocalArrayStore(SharedMemory memory) : IArrayStore
{
    private static readonly ConcurrentDictionary<string, SharedMemory> Attached = new();

    /// <summary>
    /// The block of this name, attached once in this process and until its end: the span of an array that the garbage collector has taken would be
    /// memory that is not there.
    /// </summary>
    public static LocalArrayStore Of(string name) => new(Attached.GetOrAdd(name, SharedMemory.Open));

    public SharedMemory Memory => memory;

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> bytes) => memory.Span.Slice((int)offset, bytes.Length).CopyTo(bytes);

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> bytes) => bytes.CopyTo(memory.Span[(int)offset..]);

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadAsync(long offset, int count, CancellationToken cancellationToken) => new(memory.Span.Slice((int)offset, count).ToArray());

    /// <inheritdoc/>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Write(offset, bytes.Span);
        return default;
    }
}
