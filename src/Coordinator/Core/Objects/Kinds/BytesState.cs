using System.Buffers.Binary;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>An array of bytes of a fixed length, at first all zero.</summary>
internal sealed class BytesState(int length) : ImmediateState
{
    private readonly byte[] _bytes = new byte[length];

    /// <inheritdoc/>
    protected override ObjectReply Answer(ObjectCall call) => call.Operation switch
    {
        ObjectOperation.ReadBytes when call.Payloads is [{ Length: sizeof(int) } count] => Read(call, BinaryPrimitives.ReadInt32LittleEndian(count.Span)),
        ObjectOperation.WriteBytes when call.Payloads.Length == 1 => Write(call, call.Payloads[0]),
        _ => Reply(call, ObjectStatus.NotSupported),
    };

    // A copy: what is read must not change under the reader's hands.
    private ObjectReply Read(ObjectCall call, int count) => count <= WireLimits.LargestBatch && Has(call.Number, count)
        ? Reply(call, 0, _bytes.AsSpan((int)call.Number, count).ToArray())
        : Reply(call, ObjectStatus.NotFound);

    private ObjectReply Write(ObjectCall call, ReadOnlyMemory<byte> bytes)
    {
        if (!Has(call.Number, bytes.Length))
            return Reply(call, ObjectStatus.NotFound);
        bytes.Span.CopyTo(_bytes.AsSpan((int)call.Number));
        return Reply(call);
    }

    private bool Has(long start, int count) => start >= 0 && count >= 0 && start <= _bytes.Length && count <= _bytes.Length - start;
}
