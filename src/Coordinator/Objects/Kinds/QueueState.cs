using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A first-in, first-out queue, bounded or not. Waiting putters and getters are served in the order they came, so that the items of each
/// producer keep theirs. An item that was given out is kept until its caller says that it has it: when that process dies before, or
/// gives the call up, the item goes back to its place. Such an item no longer counts against the bound, which may therefore be
/// exceeded by what comes back.
/// </summary>
internal sealed class QueueState(long capacity) : IManagedObjectState
{
    private readonly LinkedList<Item> _items = new();
    private readonly WaitingCalls _putters = new();
    private readonly WaitingCalls _getters = new();
    private readonly Dictionary<(Caller Caller, long Call), Item[]> _given = [];
    private long _lastPlace;

    /// <summary>How many items can be taken.</summary>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => (_putters.NextDeadline, _getters.NextDeadline) switch
    {
        ({ } put, { } get) => put < get ? put : get,
        var (put, get) => put ?? get,
    };

    private bool HasRoom => capacity == 0 || _items.Count < capacity;

    /// <inheritdoc/>
    public void Call(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.Put when call.Payloads.IsEmpty: answers.Add(caller, call, ObjectStatus.Ok); break;
            case ObjectOperation.Put: Wait(_putters, caller, call, now, answers); break;
            case ObjectOperation.Get: Wait(_getters, caller, call, now, answers); break;
            case ObjectOperation.Count: answers.Add(caller, call, ObjectStatus.Ok, _items.Count); break;
            case ObjectOperation.Capacity: answers.Add(caller, call, ObjectStatus.Ok, capacity); break;
            default: answers.Add(caller, call, ObjectStatus.NotSupported); break;
        }
    }

    /// <inheritdoc/>
    public void Received(Caller caller, long call) => _given.Remove((caller, call));

    /// <inheritdoc/>
    public void Abandoned(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
        _putters.Remove(waiting => waiting.Is(caller, call));
        _getters.Remove(waiting => waiting.Is(caller, call));
        if (_given.Remove((caller, call), out var items))
            PutBack(items);
        Serve(answers);
    }

    /// <inheritdoc/>
    public void Died(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
        _putters.Remove(waiting => waiting.Caller == caller);
        _getters.Remove(waiting => waiting.Caller == caller);
        foreach (var key in _given.Keys.Where(given => given.Caller == caller).ToList())
        {
            if (_given.Remove(key, out var items))
                PutBack(items);
        }

        Serve(answers);
    }

    /// <inheritdoc/>
    public void Tick(TimeSpan now, List<ObjectAnswer> answers)
    {
        foreach (var putter in _putters.Remove(waiting => waiting.Deadline <= now))
            answers.Add(putter.Caller, putter.Call, ObjectStatus.Full, putter.Done);
        foreach (var getter in _getters.Remove(waiting => waiting.Deadline <= now))
            answers.Add(getter.Caller, getter.Call, ObjectStatus.Empty);
    }

    /// <inheritdoc/>
    public void End(List<ObjectAnswer> answers)
    {
        foreach (var waiting in _putters.Remove(_ => true).Concat(_getters.Remove(_ => true)))
            answers.Add(waiting.Caller, waiting.Call, ObjectStatus.NoSuchObject, waiting.Done);
    }

    private void Wait(WaitingCalls calls, Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        calls.Add(new WaitingCall(caller, call, now));
        Serve(answers);
        if (call.TimeoutMilliseconds == 0)
            Tick(now, answers);
    }

    private void Serve(List<ObjectAnswer> answers)
    {
        while (PutFirst(answers) | GetFirst(answers))
        {
        }
    }

    private bool PutFirst(List<ObjectAnswer> answers)
    {
        if (_putters.First is not { } putter || !HasRoom)
            return false;
        while (putter.Done < putter.Call.Payloads.Length && HasRoom)
            _items.AddLast(new Item(++_lastPlace, putter.Call.Payloads[putter.Done++]));
        if (putter.Done < putter.Call.Payloads.Length)
            return true;
        _putters.RemoveFirst();
        answers.Add(putter.Caller, putter.Call, ObjectStatus.Ok, putter.Done);
        return true;
    }

    private bool GetFirst(List<ObjectAnswer> answers)
    {
        if (_getters.First is not { } getter || _items.Count == 0)
            return false;
        _getters.RemoveFirst();
        var items = Take((int)Math.Clamp(getter.Call.Number, 1, _items.Count));
        _given[(getter.Caller, getter.Call.Call)] = items;
        answers.Add(new ObjectAnswer(
            getter.Caller, new ObjectReply(getter.Call.Call, ObjectStatus.Ok, items.Length, [.. items.Select(item => item.Payload)])));
        return true;
    }

    private Item[] Take(int count)
    {
        var items = new List<Item>(Math.Min(count, 16));
        // No more than a message between machines holds; one item alone always fits.
        for (var size = 0L; count > 0 && (items.Count == 0 || size + _items.First!.Value.Payload.Length <= WireLimits.LargestBatch); count--)
        {
            items.Add(_items.First!.Value);
            size += _items.First.Value.Payload.Length + sizeof(int);
            _items.RemoveFirst();
        }

        return [.. items];
    }

    /// <summary>Where each stood: before all that came later, behind what has come back already and was put in before it.</summary>
    private void PutBack(Item[] items)
    {
        var next = _items.First;
        foreach (var item in items)
        {
            while (next is not null && next.Value.Place < item.Place)
                next = next.Next;
            if (next is null)
                _items.AddLast(item);
            else
                _items.AddBefore(next, item);
        }
    }

    /// <summary>What was put in, with its place in the order of all that ever was.</summary>
    private readonly record struct Item(long Place, ReadOnlyMemory<byte> Payload);
}
