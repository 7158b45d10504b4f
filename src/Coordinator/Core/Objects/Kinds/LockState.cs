using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A fair lock. Each acquisition has a token greater than all before. When the holder's process dies the lock is free again, and whoever
/// gets it next is told that it was abandoned. The conditions of a lock are served here too, so that to give the lock back and to wait
/// are one step: a waiter that was notified, or has waited long enough, stands in line for the lock as any other. Who takes a lock again
/// that it holds already does so in its own process; here it takes it once.
/// </summary>
internal sealed class LockState : IManagedObjectState
{
    private readonly WaitingCalls _waiting = new();
    private readonly ConditionWaits _conditions = new();
    private (Caller Caller, long Call)? _holder;
    private ConditionWait? _unheard;
    private bool _isUnconfirmed;
    private bool _wasAbandoned;
    private bool _isHolderTold;
    private long _token;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => (_waiting.NextDeadline, _conditions.NextDeadline) switch
    {
        ({ } take, { } wait) => take < wait ? take : wait,
        var (take, wait) => take ?? wait,
    };

    /// <inheritdoc/>
    public void Call(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.Acquire: Acquire(caller, call, now, answers); break;
            case ObjectOperation.Release: Release(caller, call, answers); break;
            case ObjectOperation.Holder: answers.Add(caller, call, ObjectStatus.Ok, _holder is null ? 0 : _token); break;
            case ObjectOperation.ConditionWait when ConditionArguments.FromCall(call) is { } arguments:
                Wait(arguments.Condition, caller, call, now, answers);
                break;
            case ObjectOperation.ConditionNotify when ConditionArguments.FromCall(call) is { } arguments:
                Notify(arguments, caller, call, answers);
                break;
            default: answers.Add(caller, call, ObjectStatus.NotSupported, 0); break;
        }
    }

    /// <inheritdoc/>
    public void Received(Caller caller, long call)
    {
        if (_holder == (caller, call))
            _isUnconfirmed = false;
    }

    /// <inheritdoc/>
    public void Abandoned(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
        Withdraw(waiting => waiting.Is(caller, call));
        if (_holder == (caller, call) && _isUnconfirmed)
            TakeBack(answers);
        GrantFirst(answers);
    }

    /// <inheritdoc/>
    public void Died(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
        Withdraw(waiting => waiting.Caller == caller);
        // Also one that is not known to have heard that it had it: where its node died too, its last words may be lost.
        if (_holder?.Caller == caller)
            Abandon(answers);
        GrantFirst(answers);
    }

    /// <inheritdoc/>
    public void Tick(TimeSpan now, List<ObjectAnswer> answers)
    {
        foreach (var waiting in _waiting.Remove(waiting => waiting.Deadline <= now))
            answers.Add(waiting.Caller, waiting.Call, ObjectStatus.TimedOut, 0);
        TakeAgain(_conditions.Remove(waiting => waiting.Deadline <= now));
        GrantFirst(answers);
    }

    /// <inheritdoc/>
    public void End(List<ObjectAnswer> answers)
    {
        foreach (var waiting in _waiting.Remove(_ => true).Concat(_conditions.Remove(_ => true)))
            answers.Add(waiting.Caller, waiting.Call, ObjectStatus.NoSuchObject, 0);
    }

    private void Acquire(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.Add(new WaitingCall(caller, call, now));
        GrantFirst(answers);
        if (call.TimeoutMilliseconds == 0)
            Tick(now, answers);
    }

    private void Release(Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        if (_holder is null || call.Number != _token)
        {
            answers.Add(caller, call, ObjectStatus.NotHeld, 0);
            return;
        }

        answers.Add(caller, call, ObjectStatus.Ok, 0);
        Free(answers);
    }

    /// <summary>A wait with no time at all gives the lock away all the same, if another stands in line.</summary>
    private void Wait(long condition, Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        if (!IsHeldBy(caller, call.Number))
        {
            answers.Add(caller, call, ObjectStatus.NotHeld);
            return;
        }

        _conditions.Add(condition, new WaitingCall(caller, call, now));
        Free(answers);
        if (call.TimeoutMilliseconds == 0)
            Tick(now, answers);
    }

    private void Notify(ConditionArguments arguments, Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        var isHeld = IsHeldBy(caller, call.Number);
        if (isHeld)
            TakeAgain(_conditions.Notify(arguments.Condition, arguments.Count));
        answers.Add(caller, call, isHeld ? ObjectStatus.Ok : ObjectStatus.NotHeld);
    }

    private bool IsHeldBy(Caller caller, long token) => _holder?.Caller == caller && token == _token;

    private void TakeAgain(IEnumerable<WaitingCall> waits)
    {
        foreach (var wait in waits)
            _waiting.Add(wait.WithoutLimit());
    }

    private void Withdraw(Predicate<WaitingCall> match)
    {
        _conditions.Remove(match);
        foreach (var gone in _waiting.Remove(match))
            PassOn(gone.Wait);
    }

    private void PassOn(ConditionWait? unheard)
    {
        if (unheard is { } wait)
            TakeAgain(_conditions.PassOn(wait));
    }

    /// <summary>Those who wait for a notification are woken: the dead holder, who may have been the one to notify them, cannot.</summary>
    private void Abandon(List<ObjectAnswer> answers)
    {
        _wasAbandoned = true;
        TakeAgain(_conditions.NotifyAll());
        Free(answers);
    }

    /// <summary>
    /// Who never knew that it had the lock has left nothing half done, and has not heard what it was told of the holder before, nor that
    /// it was notified.
    /// </summary>
    private void TakeBack(List<ObjectAnswer> answers)
    {
        _wasAbandoned = _isHolderTold;
        PassOn(_unheard);
        Free(answers);
    }

    private void Free(List<ObjectAnswer> answers)
    {
        _holder = null;
        GrantFirst(answers);
    }

    private void GrantFirst(List<ObjectAnswer> answers)
    {
        if (_holder is not null || _waiting.First is not { } next)
            return;
        _waiting.RemoveFirst();
        _holder = (next.Caller, next.Call.Call);
        _isUnconfirmed = true;
        _unheard = next.Wait;
        var status = _wasAbandoned ? ObjectStatus.OkAbandoned : ObjectStatus.Ok;
        answers.Add(next.Caller, next.Call, status, ++_token, next.Wait is { NotifiedAfter: null } ? [ReadOnlyMemory<byte>.Empty] : []);
        _isHolderTold = _wasAbandoned;
        _wasAbandoned = false;
    }
}
