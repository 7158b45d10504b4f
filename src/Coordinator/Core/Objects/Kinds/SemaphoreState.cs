using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A fair semaphore. A permit is either used up, or held until it is returned; one that a process holds at its death comes back, as does
/// one that nobody has heard of having got.
/// </summary>
/// <param name="start">How many permits there are at first.</param>
/// <param name="most">How many there may be, held ones among them.</param>
internal sealed class SemaphoreState(long start, long most) : IManagedObjectState
{
    /// <summary>The most permits of a semaphore without a bound of its own.</summary>
    public const long Unbounded = int.MaxValue;

    private readonly WaitingCalls _waiting = new();
    private readonly Dictionary<(Caller Caller, long Call), Permit> _given = [];
    private long _free = start;

    private enum Permit
    {
        /// <summary>To be used up, and not known to have arrived.</summary>
        Unheard,

        /// <summary>Held, and not known to have arrived.</summary>
        UnheardHold,

        /// <summary>Held.</summary>
        Hold,
    }

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => _waiting.NextDeadline;

    /// <inheritdoc/>
    public void Call(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.SemaphoreAcquire or ObjectOperation.SemaphoreWait: Wait(caller, call, now, answers); break;
            case ObjectOperation.SemaphoreRelease: Release(caller, call, answers); break;
            case ObjectOperation.SemaphoreReturn: Return(caller, call, answers); break;
            case ObjectOperation.SemaphoreCount: answers.Add(caller, call, ObjectStatus.Ok, _free); break;
            default: answers.Add(caller, call, ObjectStatus.NotSupported); break;
        }
    }

    /// <inheritdoc/>
    public void Received(Caller caller, long call)
    {
        if (!_given.TryGetValue((caller, call), out var permit))
            return;
        if (permit == Permit.Unheard)
            _given.Remove((caller, call));
        else
            _given[(caller, call)] = Permit.Hold;
    }

    /// <inheritdoc/>
    public void Abandoned(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.Remove(waiting => waiting.Is(caller, call));
        if (_given.TryGetValue((caller, call), out var permit) && permit != Permit.Hold)
            TakeBack((caller, call), answers);
    }

    /// <inheritdoc/>
    public void Died(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.Remove(waiting => waiting.Caller == caller);
        foreach (var given in _given.Keys.Where(given => given.Caller == caller).ToList())
            TakeBack(given, answers);
    }

    /// <inheritdoc/>
    public void Tick(TimeSpan now, List<ObjectAnswer> answers)
    {
        foreach (var waiting in _waiting.Remove(waiting => waiting.Deadline <= now))
            answers.Add(waiting.Caller, waiting.Call, ObjectStatus.TimedOut);
    }

    /// <inheritdoc/>
    public void End(List<ObjectAnswer> answers)
    {
        foreach (var waiting in _waiting.Remove(_ => true))
            answers.Add(waiting.Caller, waiting.Call, ObjectStatus.NoSuchObject);
    }

    private void Wait(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.Add(new WaitingCall(caller, call, now));
        Serve(answers);
        if (call.TimeoutMilliseconds == 0)
            Tick(now, answers);
    }

    // What is held counts against the bound: it can always be returned.
    private void Release(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        var isIn = call.Number >= 0 && call.Number <= most - _free - _given.Count;
        answers.Add(caller, call, isIn ? ObjectStatus.Ok : ObjectStatus.OutOfBounds);
        if (isIn)
            Free(call.Number, answers);
    }

    private void Return(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        var isHeld = _given.TryGetValue((caller, call.Number), out var permit) && permit != Permit.Unheard;
        answers.Add(caller, call, isHeld ? ObjectStatus.Ok : ObjectStatus.NotHeld);
        if (isHeld)
            TakeBack((caller, call.Number), answers);
    }

    private void TakeBack((Caller Caller, long Call) given, List<ObjectAnswer> answers)
    {
        _given.Remove(given);
        Free(1, answers);
    }

    private void Free(long count, List<ObjectAnswer> answers)
    {
        _free += count;
        Serve(answers);
    }

    private void Serve(List<ObjectAnswer> answers)
    {
        while (_free > 0 && _waiting.First is { } next)
        {
            _waiting.RemoveFirst();
            var isHold = next.Call.Operation == ObjectOperation.SemaphoreAcquire;
            // Of two permits under one number only one would come back.
            var isNew = _given.TryAdd((next.Caller, next.Call.Call), isHold ? Permit.UnheardHold : Permit.Unheard);
            _free -= isNew ? 1 : 0;
            answers.Add(next.Caller, next.Call, isNew ? ObjectStatus.Ok : ObjectStatus.NotSupported, isNew ? next.Call.Call : 0);
        }
    }
}
