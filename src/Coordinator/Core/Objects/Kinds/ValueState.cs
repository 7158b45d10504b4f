using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>One value. It is opaque bytes, compared bytewise.</summary>
internal sealed class ValueState(ReadOnlyMemory<byte> value) : ImmediateState
{
    private ReadOnlyMemory<byte> _value = value;

    /// <inheritdoc/>
    public override long Size => ObjectSizes.MeasureValue(_value);

    /// <inheritdoc/>
    protected override ObjectReply AnswerCall(ObjectCall call)
    {
        switch (call.Operation)
        {
            case ObjectOperation.GetValue:
                return CreateReply(call, 0, _value);
            case ObjectOperation.SetValue when call.Payloads.Length == 1:
                _value = call.Payloads[0];
                return CreateReply(call);
            case ObjectOperation.ReplaceValue when call.Payloads.Length == 2:
                return ReplaceValue(call);
            default:
                return CreateReply(call, ObjectStatus.NotSupported);
        }
    }

    private ObjectReply ReplaceValue(ObjectCall call)
    {
        if (!call.Payloads[0].Span.SequenceEqual(_value.Span))
            return new ObjectReply(call.Call, ObjectStatus.Conflict, 0, [_value]);
        _value = call.Payloads[1];
        return CreateReply(call);
    }
}
