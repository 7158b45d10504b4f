using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>One value. It is opaque bytes, compared bytewise.</summary>
public sealed class ValueState(ReadOnlyMemory<byte> value) : ImmediateState
{
    private ReadOnlyMemory<byte> _value = value;

    /// <inheritdoc/>
    public override long Size => ObjectSizes.MeasureValue(_value);

    /// <inheritdoc/>
    protected override ObjectReply AnswerCall(ObjectCall call) => call.Operation switch
    {
        ObjectOperation.GetValue when call.As<ValueGet>() is { } get => get.CreateReply(new ItemReply(_value)),
        ObjectOperation.SetValue when call.As<ValueSet>() is { } set => set.CreateReply(SetValue(set.Request.Value)),
        ObjectOperation.ReplaceValue when call.As<ValueReplace>() is { } replace => replace.CreateReply(ReplaceValue(replace.Request)),
        _ => ObjectReply.WithStatus(call.Call, ObjectStatus.NotSupported),
    };

    private ObjectStatus SetValue(ReadOnlyMemory<byte> value)
    {
        _value = value;
        return ObjectStatus.Ok;
    }

    private ItemReply ReplaceValue(ValueReplace replace)
    {
        if (!replace.Expected.Span.SequenceEqual(_value.Span))
            return new ItemReply(_value, ObjectStatus.Conflict);
        _value = replace.Value;
        return new ItemReply(null);
    }
}
