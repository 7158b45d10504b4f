using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Items with keys, and items that are acknowledged after they were processed.</summary>
public sealed partial class QueueState
{
    private readonly ItemLeases _leases = new();
    private readonly ItemKeys _keys = new();

    /// <summary>A repeated put is answered at once, also while the queue is full.</summary>
    private void PutOnce(Caller caller, TypedCall<QueuePutOnce> call, TimeSpan now, List<ObjectAnswer> answers)
    {
        if (!AnswerRepeated(caller, call, answers))
            AddWaiting(_putters, caller, call.Envelope, now, answers);
    }

    /// <returns>Whether the key is known, and the call is answered.</returns>
    private bool AnswerRepeated(Caller caller, TypedCall<QueuePutOnce> call, List<ObjectAnswer> answers)
    {
        if (_keys.FindItem(call.Request.Key, call.Request.Item) is not { } isSame)
            return false;
        answers.AddReply(caller, call, new PutOnceReply(IsNew: false, isSame ? ObjectStatus.Ok : ObjectStatus.Conflict));
        return true;
    }

    private void StoreKeyed(WaitingCall putter, TypedCall<QueuePutOnce> call, List<ObjectAnswer> answers)
    {
        _putters.RemoveFirst();
        if (AnswerRepeated(putter.Caller, call, answers))
            return;
        _keys.AddKey(call.Request.Key, call.Request.Item);
        AddItem(call.Request.Item);
        answers.AddReply(putter.Caller, call, new PutOnceReply(IsNew: true));
    }

    private void DeliverLeased(WaitingCall receiver, List<ObjectAnswer> answers)
    {
        var item = items.NextItem;
        items.RemoveNext();
        var lease = _leases.AddLease(receiver.Caller, receiver.Call.Call, item);
        answers.AddReply(receiver, new LeaseReply(lease, item.Payload, item.Returns + 1));
    }

    private void Acknowledge(Caller caller, TypedCall<QueueAcknowledge> call, List<ObjectAnswer> answers)
    {
        if (_leases.EndLease(caller, call.Request.Lease) is { } item)
        {
            _itemBytes -= ObjectSizes.MeasureValue(item.Payload);
            _unfinished.MarkAcknowledged();
            answers.AddStatus(caller, call, ObjectStatus.Ok);
        }
        else
        {
            answers.AddStatus(caller, call, ObjectStatus.NotHeld);
        }
    }

    private void ReturnLeased(Caller caller, TypedCall<QueueReturn> call, List<ObjectAnswer> answers)
    {
        var item = _leases.EndLease(caller, call.Request.Lease);
        answers.AddStatus(caller, call, item is null ? ObjectStatus.NotHeld : ObjectStatus.Ok);
        PutBack(item);
        ServeWaiting(answers);
    }

    private void PutBack(QueueItem? item)
    {
        if (item is { } returned)
            items.AddItem(returned with { Returns = returned.Returns + 1 });
    }
}
