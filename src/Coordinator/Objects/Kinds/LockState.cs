using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A fair lock. Each acquisition has a token greater than all before. When the holder's process dies the lock is free again, and whoever
/// gets it next is told that it was abandoned.
/// </summary>
internal sealed class LockState : IManagedObjectState
{
    private readonly WaitingCalls _waiting = new();
    private (Caller Caller, long Call)? _holder;
    private bool _isUnconfirmed;
    private bool _wasAbandoned;
    private bool _isHolderTold;
    private long _token;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => _waiting.NextDeadline;

    /// <inheritdoc/>
    public void Call(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.Acquire: Acquire(caller, call, now, answers); break;
            case ObjectOperation.Release: Release(caller, call, answers); break;
            case ObjectOperation.Holder: answers.Add(caller, call, ObjectStatus.Ok, _holder is null ? 0 : _token); break;
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
        _waiting.Remove(waiting => waiting.Is(caller, call));
        if (_holder == (caller, call) && _isUnconfirmed)
            TakeBack(answers);
    }

    /// <inheritdoc/>
    public void Died(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.Remove(waiting => waiting.Caller == caller);
        if (_holder?.Caller != caller)
            return;
        if (_isUnconfirmed)
        {
            TakeBack(answers);
            return;
        }

        _wasAbandoned = true;
        Free(answers);
    }

    /// <inheritdoc/>
    public void Tick(TimeSpan now, List<ObjectAnswer> answers)
    {
        foreach (var waiting in _waiting.Remove(waiting => waiting.Deadline <= now))
            answers.Add(waiting.Caller, waiting.Call, ObjectStatus.TimedOut, 0);
    }

    /// <inheritdoc/>
    public void End(List<ObjectAnswer> answers)
    {
        foreach (var waiting in _waiting.Remove(_ => true))
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

    /// <summary>Who never knew that it had the lock has left nothing half done, and has not heard what it was told of the holder before.</summary>
    private void TakeBack(List<ObjectAnswer> answers)
    {
        _wasAbandoned = _isHolderTold;
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
        answers.Add(next.Caller, next.Call, _wasAbandoned ? ObjectStatus.OkAbandoned : ObjectStatus.Ok, ++_token);
        _isHolderTold = _wasAbandoned;
        _wasAbandoned = false;
    }
}
