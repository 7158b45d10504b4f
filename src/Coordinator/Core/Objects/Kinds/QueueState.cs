using Actors.Messages;
using Actors.Messages.Collections;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A queue, bounded or not. Waiting calls are served in order, so the items of each producer keep their order. A delivered item is retained
/// until its caller confirms the receipt: if the process dies before, or abandons the call, the item returns to its position. A delivered
/// item does not count toward the capacity, so returned items may exceed it. The same holds for a received item until its caller
/// acknowledges it.
/// </summary>
/// <param name="capacity">The capacity; 0 for none.</param>
/// <param name="items">The order of the items.</param>
public sealed partial class QueueState(long capacity, IQueueOrder items) : IManagedObjectState
{
    private readonly UnfinishedItems _unfinished = new();
    private readonly WaitingCalls _joiners = new();
    private readonly WaitingCalls _putters = new();
    private readonly WaitingCalls _getters = new();
    private readonly Dictionary<(Caller Caller, long Call), QueueItem[]> _delivered = new(SeededCallComparer<Caller>.Instance);
    private long _lastPosition;
    private long _itemBytes;

    /// <summary>The number of items in the queue.</summary>
    public int Count => items.Count;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => GetEarlier(GetEarlier(_putters.NextDeadline, _getters.NextDeadline), _joiners.NextDeadline);

    /// <summary>The bytes of the items in the queue, of items that may return to it, and of keys.</summary>
    public long Size => _itemBytes + _keys.Size;

    /// <inheritdoc/>
    public ObjectFigures Figures => new(items.Count, capacity, _getters.Count, _putters.Count);

    private bool HasCapacity => capacity == 0 || items.Count < capacity;

    /// <inheritdoc/>
    public void HandleCall(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.Put when call.As<QueuePut>() is { } put: PutItems(caller, put, now, answers); break;
            case ObjectOperation.PutOnce when call.As<QueuePutOnce>() is { } put: PutOnce(caller, put, now, answers); break;
            case ObjectOperation.Get or ObjectOperation.ReceiveItem: AddWaiting(_getters, caller, call, now, answers); break;
            case ObjectOperation.AcknowledgeItem when call.As<QueueAcknowledge>() is { } acknowledge:
                Acknowledge(caller, acknowledge, answers);
                break;
            case ObjectOperation.ReturnItem when call.As<QueueReturn>() is { } @return: ReturnLeased(caller, @return, answers); break;
            case ObjectOperation.Count when call.As<QueueCount>() is { } count:
                answers.AddReply(caller, count, new CountReply(items.Count));
                break;
            case ObjectOperation.TaskDone when call.As<QueueTaskDone>() is { } done:
                var isDone = _unfinished.MarkDone(caller, done.Request.Count);
                answers.AddStatus(caller, done, isDone ? ObjectStatus.Ok : ObjectStatus.OutOfBounds);
                break;
            case ObjectOperation.JoinItems: AddWaiting(_joiners, caller, call, now, answers); return;
            case ObjectOperation.Capacity when call.As<QueueCapacity>() is { } bound:
                answers.AddReply(caller, bound, new CountReply(capacity));
                break;
            default: answers.AddStatus(caller, call, ObjectStatus.NotSupported); break;
        }

        AnswerJoiners(answers);
    }

    /// <inheritdoc/>
    public void ConfirmReceipt(Caller caller, long call)
    {
        _leases.ConfirmReceipt(caller, call);
        if (_delivered.Remove((caller, call), out var delivered))
        {
            _unfinished.CountTaken(caller, delivered.Length);
            foreach (var item in delivered)
                _itemBytes -= ObjectSizes.MeasureValue(item.Payload);
        }
    }

    /// <inheritdoc/>
    public void AbandonCall(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
        _putters.RemoveWhere(waiting => waiting.IsCall(caller, call));
        _getters.RemoveWhere(waiting => waiting.IsCall(caller, call));
        _joiners.RemoveWhere(waiting => waiting.IsCall(caller, call));
        if (_delivered.Remove((caller, call), out var delivered))
            PutBack(delivered);
        PutBack(_leases.EndAbandoned(caller, call));
        ServeWaiting(answers);
    }

    /// <inheritdoc/>
    public void RemoveCaller(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
        _putters.RemoveWhere(waiting => waiting.Caller == caller);
        _getters.RemoveWhere(waiting => waiting.Caller == caller);
        _joiners.RemoveWhere(waiting => waiting.Caller == caller);
        foreach (var key in _delivered.Keys.Where(delivery => delivery.Caller == caller).ToList())
        {
            if (_delivered.Remove(key, out var delivered))
                PutBack(delivered);
        }

        foreach (var leased in _leases.EndLeasesOf(caller))
            PutBack(leased);
        _unfinished.RemoveCaller(caller);
        ServeWaiting(answers);
        AnswerJoiners(answers);
    }

    /// <inheritdoc/>
    public void ExpireCalls(TimeSpan now, List<ObjectAnswer> answers)
    {
        foreach (var putter in _putters.RemoveWhere(waiting => waiting.Deadline <= now))
            answers.AddReply(putter, new CountReply(putter.DoneCount, ObjectStatus.Full));
        foreach (var getter in _getters.RemoveWhere(waiting => waiting.Deadline <= now))
            answers.AddStatus(getter, ObjectStatus.Empty);
        foreach (var joiner in _joiners.RemoveWhere(waiting => waiting.Deadline <= now))
            answers.AddStatus(joiner, ObjectStatus.TimedOut);
    }

    /// <inheritdoc/>
    public void EndAllCalls(List<ObjectAnswer> answers)
    {
        foreach (var putter in _putters.RemoveWhere(_ => true))
            answers.AddReply(putter, new CountReply(putter.DoneCount, ObjectStatus.NoSuchObject));
        foreach (var waiting in _getters.RemoveWhere(_ => true).Concat(_joiners.RemoveWhere(_ => true)))
            answers.AddStatus(waiting, ObjectStatus.NoSuchObject);
    }

    private void PutItems(Caller caller, TypedCall<QueuePut> call, TimeSpan now, List<ObjectAnswer> answers)
    {
        if (call.Request.Items.IsEmpty)
            answers.AddReply(caller, call, new CountReply(0));
        else
            AddWaiting(_putters, caller, call.Envelope, now, answers);
    }

    private void AddWaiting(WaitingCalls calls, Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        calls.AddCall(new WaitingCall(caller, call, now));
        ServeWaiting(answers);
        AnswerJoiners(answers);
        if (call.TimeoutMilliseconds == 0)
            ExpireCalls(now, answers);
    }

    private void ServeWaiting(List<ObjectAnswer> answers)
    {
        while (PutFirst(answers) | GetFirst(answers))
        {
        }
    }

    private bool PutFirst(List<ObjectAnswer> answers)
    {
        if (_putters.First is not { } putter || !HasCapacity)
            return false;
        if (putter.Call.ReadRequest<QueuePut>() is { } put)
            StoreItems(putter, put, answers);
        else
            StoreKeyed(putter, putter.Call.As<QueuePutOnce>()!.Value, answers);
        return true;
    }

    private void StoreItems(WaitingCall putter, QueuePut put, List<ObjectAnswer> answers)
    {
        while (putter.DoneCount < put.Items.Length && HasCapacity)
            AddItem(put.Items[putter.DoneCount++]);
        if (putter.DoneCount < put.Items.Length)
            return;
        _putters.RemoveFirst();
        answers.AddReply(putter, new CountReply(putter.DoneCount));
    }

    private void AddItem(ReadOnlyMemory<byte> payload)
    {
        _itemBytes += ObjectSizes.MeasureValue(payload);
        items.AddItem(new QueueItem(++_lastPosition, payload));
        _unfinished.CountPut();
    }

    private bool GetFirst(List<ObjectAnswer> answers)
    {
        if (_getters.First is not { } getter || items.Count == 0)
            return false;
        _getters.RemoveFirst();
        // Items delivered twice under one call number could not all be returned.
        if (IsDelivered(getter.Caller, getter.Call.Call))
        {
            answers.AddStatus(getter, ObjectStatus.NotSupported);
            return true;
        }

        if (getter.Call.ReadRequest<QueueGet>() is { } get)
            DeliverItems(getter, get, answers);
        else
            DeliverLeased(getter, answers);
        return true;
    }

    private void DeliverItems(WaitingCall getter, QueueGet get, List<ObjectAnswer> answers)
    {
        var delivered = TakeItems((int)Math.Clamp(get.Most, 1, items.Count));
        _delivered[(getter.Caller, getter.Call.Call)] = delivered;
        answers.AddReply(getter, new ItemsReply([.. delivered.Select(item => item.Payload)]));
    }

    private QueueItem[] TakeItems(int count)
    {
        var delivered = new List<QueueItem>(Math.Min(count, 16));
        // As many as fit into one message. A single item always fits.
        for (var size = 0L; count > 0 && (delivered.Count == 0 || size + items.NextItem.Payload.Length <= WireLimits.LargestBatch); count--)
        {
            delivered.Add(items.NextItem);
            size += items.NextItem.Payload.Length + sizeof(int);
            items.RemoveNext();
        }

        return [.. delivered];
    }

    private void PutBack(QueueItem[] delivered)
    {
        foreach (var item in delivered)
            items.AddItem(item);
    }

    private static TimeSpan? GetEarlier(TimeSpan? left, TimeSpan? right) => left is null || right < left ? right ?? left : left;

    private void AnswerJoiners(List<ObjectAnswer> answers)
    {
        if (_joiners.IsEmpty || _unfinished.Count > 0)
            return;
        foreach (var joiner in _joiners.RemoveWhere(_ => true))
            answers.AddStatus(joiner, ObjectStatus.Ok);
    }
}
