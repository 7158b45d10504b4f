using Actors.Messages;
using Actors.Messages.Objects.Kinds;

namespace Actors.Objects;

/// <summary>Stores an array at a coordinator; transfers it in parts that fit into messages.</summary>
internal sealed class RemoteArrayStore(ObjectProxy proxy) : IArrayStore
{
    private const int WrittenPart = WireLimits.LargestBatch / 2;
    private const int ReadPart = BytesRead.MaxCount;

    public ObjectProxy Proxy => proxy;

    /// <inheritdoc/>
    public void ReadBytes(long offset, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, ReadPart);
            proxy.Call<BytesRead, ItemReply>(new(offset, count)).RequiredItem.Span.CopyTo(bytes);
            offset += count;
            bytes = bytes[count..];
        }
    }

    /// <inheritdoc/>
    public void WriteBytes(long offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, WrittenPart);
            proxy.Call(new BytesWrite(offset, bytes[..count].ToArray()));
            offset += count;
            bytes = bytes[count..];
        }
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> ReadBytesAsync(long offset, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count; read += ReadPart)
        {
            var part = bytes.AsMemory(read, Math.Min(count - read, ReadPart));
            var reply = await proxy.CallAsync<BytesRead, ItemReply>(
                new(offset + read, part.Length), null, cancellationToken).ConfigureAwait(false);
            reply.RequiredItem.CopyTo(part);
        }

        return bytes;
    }

    /// <inheritdoc/>
    public async ValueTask WriteBytesAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        for (var written = 0; written < bytes.Length; written += WrittenPart)
        {
            var part = bytes.Slice(written, Math.Min(bytes.Length - written, WrittenPart));
            await proxy.CallAsync(new BytesWrite(offset + written, part), null, cancellationToken).ConfigureAwait(false);
        }
    }
}
