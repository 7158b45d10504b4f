using System.Runtime.InteropServices;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A first-in, first-out queue. Putters wait for room and getters for an item, each in the order of their coming, so getters and putters
/// never wait at the same time. What was given to a getter is in delivery until the getter confirms it: it counts neither as an
/// item nor against the capacity (as in Python, taken is taken), but if the getter dies or gives up before, it returns to its old
/// place. A full queue may so hold more than its capacity for a while; nothing is put until it is below again.
/// </summary>
/// <param name="capacity">The bound; 0 or less is none.</param>
internal sealed class QueueState(long capacity) : IManagedObjectState
{
    // One answer should fit a frame of the wire: after so many bytes a getter of many has what it gets. The first item always goes.
    private const int AnswerBytes = 64 * 1024;
    private const int ItemOverheadBytes = 16;

    private readonly ItemLine _items = new();
    private readonly WaitingCalls _putters = new();
    private readonly WaitingCalls _getters = new();
    private readonly Dictionary<CallKey, QueuedItem[]> _deliveries = [];
    private readonly long _capacity = Math.Max(0, capacity);
    private long _sequence;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline =>
        _putters.NextDeadline is { } putter && !(_getters.NextDeadline < putter) ? putter : _getters.NextDeadline;

    /// <inheritdoc/>
    public void Call(long caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        var key = new CallKey(caller, call.Call);
        switch (call.Operation)
        {
            case ObjectOperation.Put:
                Put(key, call, now, answers);
                break;
            case ObjectOperation.Get:
                Get(key, call, now, answers);
                break;
            case ObjectOperation.Count:
                answers.Answer(key, ObjectStatus.Ok, _items.Count);
                break;
            case ObjectOperation.Capacity:
                answers.Answer(key, ObjectStatus.Ok, _capacity);
                break;
            default:
                answers.Answer(key, ObjectStatus.NotSupported);
                break;
        }
    }

    /// <inheritdoc/>
    public void Received(long caller, long call) => _deliveries.Remove(new CallKey(caller, call));

    /// <inheritdoc/>
    public void Abandoned(long caller, long call, List<ObjectAnswer> answers)
    {
        var key = new CallKey(caller, call);
        if (_getters.Remove(key) || _putters.Remove(key) || !_deliveries.Remove(key, out var items))
            return;
        _items.Restore(items);
        ServeGetters(answers);
    }

    /// <inheritdoc/>
    public void CallerDied(long caller, List<ObjectAnswer> answers)
    {
        _getters.RemoveCaller(caller);
        _putters.RemoveCaller(caller);
        foreach (var key in _deliveries.Keys.Where(key => key.Caller == caller).ToList())
        {
            _deliveries.Remove(key, out var items);
            _items.Restore(items);
        }

        ServeGetters(answers);
    }

    /// <inheritdoc/>
    public void TimePassed(TimeSpan now, List<ObjectAnswer> answers)
    {
        while (_getters.TryTakeExpired(now, out var getter))
            answers.Answer(getter.Key, ObjectStatus.Empty);
        while (_putters.TryTakeExpired(now, out var putter))
            answers.Answer(putter.Key, ObjectStatus.Full, putter.Put);
    }

    /// <inheritdoc/>
    public void End(List<ObjectAnswer> answers)
    {
        while (_getters.TryTake(out var getter))
            answers.Answer(getter.Key, ObjectStatus.NoSuchObject);
        while (_putters.TryTake(out var putter))
            answers.Answer(putter.Key, ObjectStatus.NoSuchObject, putter.Put);
    }

    private void Put(CallKey key, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        int all = call.Payloads.IsDefault ? 0 : call.Payloads.Length;
        int put = _putters.IsEmpty ? Fill(call, 0, answers) : 0;
        if (put == all)
            answers.Answer(key, ObjectStatus.Ok, put);
        else if (call.TimeoutMilliseconds == 0)
            answers.Answer(key, ObjectStatus.Full, put);
        else
            _putters.Add(key, call, now, put);
    }

    private void Get(CallKey key, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        if (_items.Count > 0)
        {
            Deliver(key, call.Number, answers);
            ServePutters(answers);
        }
        else if (call.TimeoutMilliseconds == 0)
        {
            answers.Answer(key, ObjectStatus.Empty);
        }
        else
        {
            _getters.Add(key, call, now);
        }
    }

    // Puts the values of a call from the given one on while there is room, and hands them to getters that wait: that makes room again.
    private int Fill(ObjectCall call, int put, List<ObjectAnswer> answers)
    {
        int all = call.Payloads.IsDefault ? 0 : call.Payloads.Length;
        while (put < all && HasRoom)
        {
            for (; put < all && HasRoom; put++)
                _items.Add(new QueuedItem(_sequence++, call.Payloads[put]));
            ServeGetters(answers);
        }

        return put;
    }

    private bool HasRoom => _capacity == 0 || _items.Count < _capacity;

    private void ServeGetters(List<ObjectAnswer> answers)
    {
        while (_items.Count > 0 && _getters.TryTake(out var getter))
            Deliver(getter.Key, getter.Call.Number, answers);
    }

    private void ServePutters(List<ObjectAnswer> answers)
    {
        while (HasRoom && _putters.TryPeek(out var putter))
        {
            putter.Put = Fill(putter.Call, putter.Put, answers);
            if (putter.Put < putter.Call.Payloads.Length)
                return;
            _putters.Remove(putter.Key);
            answers.Answer(putter.Key, ObjectStatus.Ok, putter.Put);
        }
    }

    private void Deliver(CallKey key, long most, List<ObjectAnswer> answers)
    {
        // A number that is in use was sent twice: what the first was given must not be forgotten over the second.
        if (_deliveries.ContainsKey(key))
            return;
        var items = Take(most);
        var payloads = new ReadOnlyMemory<byte>[items.Length];
        for (int i = 0; i < items.Length; i++)
            payloads[i] = items[i].Payload;
        _deliveries.Add(key, items);
        answers.Answer(key, ObjectStatus.Ok, items.Length, ImmutableCollectionsMarshal.AsImmutableArray(payloads));
    }

    private QueuedItem[] Take(long most)
    {
        if (most <= 1 || _items.Count == 1)
            return [_items.Take()];
        var taken = new List<QueuedItem> { _items.Take() };
        long bytes = Size(taken[0]);
        while (taken.Count < most && _items.Count > 0 && (bytes += Size(_items.Peek())) <= AnswerBytes)
            taken.Add(_items.Take());
        return [.. taken];
    }

    private static long Size(QueuedItem item) => ItemOverheadBytes + item.Payload.Length;
}
