using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>A fixed-length array of bytes, initially zero.</summary>
public sealed class BytesState(int length) : ImmediateState
{
    private readonly byte[] _bytes = new byte[length];

    /// <inheritdoc/>
    public override long Size => length;

    /// <inheritdoc/>
    protected override ObjectReply AnswerCall(ObjectCall call) => call.Operation switch
    {
        ObjectOperation.ReadBytes when call.As<BytesRead>() is { } read => read.CreateReply(ReadBytes(read.Request)),
        ObjectOperation.WriteBytes when call.As<BytesWrite>() is { } write => write.CreateReply(WriteBytes(write.Request)),
        _ => ObjectReply.WithStatus(call.Call, ObjectStatus.NotSupported),
    };

    // A copy, because the array may change before the answer is sent.
    private ItemReply ReadBytes(BytesRead read) => read.Count <= BytesRead.MaxCount && IsInRange(read.Offset, read.Count)
        ? new ItemReply(_bytes.AsSpan((int)read.Offset, read.Count).ToArray())
        : new ItemReply(null, ObjectStatus.NotFound);

    private ObjectStatus WriteBytes(BytesWrite write)
    {
        if (!IsInRange(write.Offset, write.Bytes.Length))
            return ObjectStatus.NotFound;
        write.Bytes.Span.CopyTo(_bytes.AsSpan((int)write.Offset));
        return ObjectStatus.Ok;
    }

    private bool IsInRange(long start, int count) => start >= 0 && count >= 0 && start <= _bytes.Length && count <= _bytes.Length - start;
}
