using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Objects;

namespace Actors.Memory;

/// <summary>At a coordinator, in parts that fit into messages.</summary>
internal sealed class RemoteArrayStore(ObjectProxy proxy) : IArrayStore
{
    private const int Part = WireLimits.LargestBatch / 2;

    public ObjectProxy Proxy => proxy;

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> bytes)
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
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, Part);
            proxy.Call(ObjectOperation.WriteBytes, null, offset, [bytes[..count].ToArray()], default);
            offset += count;
            bytes = bytes[count..];
        }
    }
}
