using System.Buffers.Binary;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>A fixed-length array of bytes, initially zero.</summary>
internal sealed class BytesState(int length) : ImmediateState
{
    private readonly byte[] _bytes = new byte[length];

    /// <inheritdoc/>
    public override long Size => length;

    /// <inheritdoc/>
    protected override ObjectReply AnswerCall(ObjectCall call) => call.Operation switch
    {
        ObjectOperation.ReadBytes when call.Payloads is [{ Length: sizeof(int) } count] =>
            ReadBytes(call, BinaryPrimitives.ReadInt32LittleEndian(count.Span)),
        ObjectOperation.WriteBytes when call.Payloads.Length == 1 => WriteBytes(call, call.Payloads[0]),
        _ => CreateReply(call, ObjectStatus.NotSupported),
    };

    // A copy, because the array may change before the answer is sent.
    private ObjectReply ReadBytes(ObjectCall call, int count) => count <= WireLimits.LargestBatch && IsInRange(call.Number, count)
        ? CreateReply(call, 0, _bytes.AsSpan((int)call.Number, count).ToArray())
        : CreateReply(call, ObjectStatus.NotFound);

    private ObjectReply WriteBytes(ObjectCall call, ReadOnlyMemory<byte> bytes)
    {
        if (!IsInRange(call.Number, bytes.Length))
            return CreateReply(call, ObjectStatus.NotFound);
        bytes.Span.CopyTo(_bytes.AsSpan((int)call.Number));
        return CreateReply(call);
    }

    private bool IsInRange(long start, int count) => start >= 0 && count >= 0 && start <= _bytes.Length && count <= _bytes.Length - start;
}
