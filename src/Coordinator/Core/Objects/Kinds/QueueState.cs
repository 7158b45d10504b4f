using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A queue, bounded or not. Waiting putters and getters are served in the order they came, so that the items of each
/// producer keep theirs. An item that was given out is kept until its caller says that it has it: when that process dies before, or
/// gives the call up, the item goes back to its place. Such an item no longer counts against the bound, which may therefore be
/// exceeded by what comes back.
/// </summary>
/// <param name="capacity">The bound; 0 is none.</param>
/// <param name="items">Which item comes next.</param>
internal sealed partial class QueueState(long capacity, IQueueOrder items) : IManagedObjectState
{
    private readonly UnfinishedItems _unfinished = new();
    private readonly WaitingCalls _joiners = new();
    private readonly WaitingCalls _putters = new();
    private readonly WaitingCalls _getters = new();
    private readonly Dictionary<(Caller Caller, long Call), QueueItem[]> _given = [];
    private long _lastPlace;

    /// <summary>How many items can be taken.</summary>
    public int Count => items.Count;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => Earlier(Earlier(_putters.NextDeadline, _getters.NextDeadline), _joiners.NextDeadline);

    private bool HasRoom => capacity == 0 || items.Count < capacity;

    /// <inheritdoc/>
    public void Call(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.Put when call.Payloads.IsEmpty: answers.Add(caller, call, ObjectStatus.Ok); break;
            case ObjectOperation.Put: Wait(_putters, caller, call, now, answers); break;
            case ObjectOperation.Get: Wait(_getters, caller, call, now, answers); break;
            case ObjectOperation.Count: answers.Add(caller, call, ObjectStatus.Ok, items.Count); break;
            case ObjectOperation.TaskDone: answers.Add(caller, call, _unfinished.Done(caller, call.Number) ? ObjectStatus.Ok : ObjectStatus.OutOfBounds); break;
            case ObjectOperation.JoinItems: Wait(_joiners, caller, call, now, answers); return;
            case ObjectOperation.Capacity: answers.Add(caller, call, ObjectStatus.Ok, capacity); break;
            default: answers.Add(caller, call, ObjectStatus.NotSupported); break;
        }

        AnswerJoiners(answers);
    }

    /// <inheritdoc/>
    public void Received(Caller caller, long call)
    {
        if (_given.Remove((caller, call), out var taken))
            _unfinished.Taken(caller, taken.Length);
    }

    /// <inheritdoc/>
    public void Abandoned(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
        _putters.Remove(waiting => waiting.Is(caller, call));
        _getters.Remove(waiting => waiting.Is(caller, call));
        _joiners.Remove(waiting => waiting.Is(caller, call));
        if (_given.Remove((caller, call), out var taken))
            PutBack(taken);
        Serve(answers);
    }

    /// <inheritdoc/>
    public void Died(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
        _putters.Remove(waiting => waiting.Caller == caller);
        _getters.Remove(waiting => waiting.Caller == caller);
        _joiners.Remove(waiting => waiting.Caller == caller);
        foreach (var key in _given.Keys.Where(given => given.Caller == caller).ToList())
        {
            if (_given.Remove(key, out var taken))
                PutBack(taken);
        }

        _unfinished.Died(caller);
        Serve(answers);
        AnswerJoiners(answers);
    }

    /// <inheritdoc/>
    public void Tick(TimeSpan now, List<ObjectAnswer> answers)
    {
        foreach (var putter in _putters.Remove(waiting => waiting.Deadline <= now))
            answers.Add(putter.Caller, putter.Call, ObjectStatus.Full, putter.Done);
        foreach (var getter in _getters.Remove(waiting => waiting.Deadline <= now))
            answers.Add(getter.Caller, getter.Call, ObjectStatus.Empty);
        foreach (var joiner in _joiners.Remove(waiting => waiting.Deadline <= now))
            answers.Add(joiner.Caller, joiner.Call, ObjectStatus.TimedOut);
    }

    /// <inheritdoc/>
    public void End(List<ObjectAnswer> answers)
    {
        foreach (var waiting in _putters.Remove(_ => true).Concat(_getters.Remove(_ => true)).Concat(_joiners.Remove(_ => true)))
            answers.Add(waiting.Caller, waiting.Call, ObjectStatus.NoSuchObject, waiting.Done);
    }

    private void Wait(WaitingCalls calls, Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        calls.Add(new WaitingCall(caller, call, now));
        Serve(answers);
        AnswerJoiners(answers);
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
        {
            items.Add(new QueueItem(++_lastPlace, putter.Call.Payloads[putter.Done++]));
            _unfinished.Put();
        }

        if (putter.Done < putter.Call.Payloads.Length)
            return true;
        _putters.RemoveFirst();
        answers.Add(putter.Caller, putter.Call, ObjectStatus.Ok, putter.Done);
        return true;
    }

    private bool GetFirst(List<ObjectAnswer> answers)
    {
        if (_getters.First is not { } getter || items.Count == 0)
            return false;
        _getters.RemoveFirst();
        // Of items that are given twice under one number only the last would come back.
        if (_given.ContainsKey((getter.Caller, getter.Call.Call)))
        {
            answers.Add(getter.Caller, getter.Call, ObjectStatus.NotSupported);
            return true;
        }

        var taken = Take((int)Math.Clamp(getter.Call.Number, 1, items.Count));
        _given[(getter.Caller, getter.Call.Call)] = taken;
        answers.Add(getter.Caller, getter.Call, ObjectStatus.Ok, taken.Length, [.. taken.Select(item => item.Payload)]);
        return true;
    }

    private QueueItem[] Take(int count)
    {
        var taken = new List<QueueItem>(Math.Min(count, 16));
        // No more than a message between machines holds; one item alone always fits.
        for (var size = 0L; count > 0 && (taken.Count == 0 || size + items.Next.Payload.Length <= WireLimits.LargestBatch); count--)
        {
            taken.Add(items.Next);
            size += items.Next.Payload.Length + sizeof(int);
            items.RemoveNext();
        }

        return [.. taken];
    }

    private void PutBack(QueueItem[] taken)
    {
        foreach (var item in taken)
            items.Add(item);
    }

    private static TimeSpan? Earlier(TimeSpan? left, TimeSpan? right) => left is null || right < left ? right ?? left : left;

    private void AnswerJoiners(List<ObjectAnswer> answers)
    {
        if (_joiners.IsEmpty || _unfinished.Count > 0)
            return;
        foreach (var joiner in _joiners.Remove(_ => true))
            answers.Add(joiner.Caller, joiner.Call, ObjectStatus.Ok);
    }
}
