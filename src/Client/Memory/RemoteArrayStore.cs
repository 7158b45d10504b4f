using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;

namespace Actors.Memory;

/// <summary>Stores an array at a coordinator; transfers it in parts that fit into messages.</summary>
internal sealed class RemoteArrayStore(ObjectProxy proxy) : IArrayStore
{
    private const int Part = WireLimits.LargestBatch / 2;

    public ObjectProxy Proxy => proxy;

    /// <inheritdoc/>
    public void ReadBytes(long offset, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, Part);
            proxy.Call(ObjectOperation.ReadBytes, null, offset, [BitConverter.GetBytes(count)], default).Payloads[0].Span.CopyTo(bytes);
            offset += count;
            bytes = bytes[count..];
        }
    }

    /// <inheritdoc/>
    public void WriteBytes(long offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, Part);
            proxy.Call(ObjectOperation.WriteBytes, null, offset, [bytes[..count].ToArray()], default);
            offset += count;
            bytes = bytes[count..];
        }
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> ReadBytesAsync(long offset, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count; read += Part)
        {
            var part = bytes.AsMemory(read, Math.Min(count - read, Part));
            var reply = await proxy.CallAsync(
                ObjectOperation.ReadBytes, null, offset + read, [BitConverter.GetBytes(part.Length)],
                cancellationToken).ConfigureAwait(false);
            reply.Payloads[0].CopyTo(part);
        }

        return bytes;
    }

    /// <inheritdoc/>
    public async ValueTask WriteBytesAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        for (var written = 0; written < bytes.Length; written += Part)
        {
            var part = bytes.Slice(written, Math.Min(bytes.Length - written, Part));
            await proxy.CallAsync(ObjectOperation.WriteBytes, null, offset + written, [part], cancellationToken).ConfigureAwait(false);
        }
    }
}
