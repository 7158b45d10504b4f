using System.Buffers.Binary;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Items with keys, and items that are acknowledged after they were processed.</summary>
internal sealed partial class QueueState
{
    private readonly ItemLeases _leases = new();
    private readonly ItemKeys _keys = new();

    /// <summary>A repeated put is answered at once, also while the queue is full.</summary>
    private void PutOnce(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        if (call.Payloads.Length != 2)
            answers.AddReply(caller, call, ObjectStatus.NotSupported);
        else if (!AnswerRepeated(caller, call, answers))
            AddWaiting(_putters, caller, call, now, answers);
    }

    /// <returns>Whether the key is known, and the call is answered.</returns>
    private bool AnswerRepeated(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        if (_keys.FindItem(call.Payloads[0], call.Payloads[1]) is not { } isSame)
            return false;
        answers.AddReply(caller, call, isSame ? ObjectStatus.Ok : ObjectStatus.Conflict);
        return true;
    }

    private void DeliverLeased(WaitingCall receiver, List<ObjectAnswer> answers)
    {
        var item = items.NextItem;
        items.RemoveNext();
        var deliveries = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(deliveries, item.Returns + 1);
        var lease = _leases.AddLease(receiver.Caller, receiver.Call.Call, item);
        answers.AddReply(receiver.Caller, receiver.Call, ObjectStatus.Ok, lease, [item.Payload, deliveries]);
    }

    private void Acknowledge(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        if (_leases.EndLease(caller, call.Number) is { } item)
        {
            _itemBytes -= ObjectSizes.MeasureValue(item.Payload);
            _unfinished.MarkAcknowledged();
            answers.AddReply(caller, call, ObjectStatus.Ok);
        }
        else
        {
            answers.AddReply(caller, call, ObjectStatus.NotHeld);
        }
    }

    private void ReturnLeased(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        var item = _leases.EndLease(caller, call.Number);
        answers.AddReply(caller, call, item is null ? ObjectStatus.NotHeld : ObjectStatus.Ok);
        PutBack(item);
        ServeWaiting(answers);
    }

    private void PutBack(QueueItem? item)
    {
        if (item is { } returned)
            items.AddItem(returned with { Returns = returned.Returns + 1 });
    }
}
