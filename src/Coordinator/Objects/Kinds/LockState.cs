using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A fair lock: who asked first has it first. Every acquisition has a token larger than all before; the token, not the process, is the
/// right to release, as Python lets any process release. A holder that dies loses the lock, and whoever has it next is told, once. A
/// holder that dies before it confirmed the acquisition counts as a dead holder too, for its confirmation may have been lost with it:
/// to be told of one death too many does no harm.
/// </summary>
internal sealed class LockState : IManagedObjectState
{
    private readonly WaitingCalls _waiting = new();
    private CallKey _holder;
    private long _heldToken;
    private long _lastToken;
    private bool _isConfirmed;
    private bool _holderWasTold;
    private bool _mustTell;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => _waiting.NextDeadline;

    /// <inheritdoc/>
    public void Call(long caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        var key = new CallKey(caller, call.Call);
        switch (call.Operation)
        {
            case ObjectOperation.Acquire:
                Acquire(key, call, now, answers);
                break;
            case ObjectOperation.Release:
                Release(key, call.Number, answers);
                break;
            case ObjectOperation.Holder:
                answers.Answer(key, ObjectStatus.Ok, _heldToken);
                break;
            default:
                answers.Answer(key, ObjectStatus.NotSupported);
                break;
        }
    }

    /// <inheritdoc/>
    public void Received(long caller, long call)
    {
        if (IsHeld && _holder == new CallKey(caller, call))
            _isConfirmed = true;
    }

    /// <inheritdoc/>
    public void Abandoned(long caller, long call, List<ObjectAnswer> answers)
    {
        var key = new CallKey(caller, call);
        if (_waiting.Remove(key) || !IsHeld || _isConfirmed || _holder != key)
            return;
        // The holder never learnt that it had the lock, so what it would have been told is still to be told.
        _mustTell = _holderWasTold;
        PassOn(answers);
    }

    /// <inheritdoc/>
    public void CallerDied(long caller, List<ObjectAnswer> answers)
    {
        _waiting.RemoveCaller(caller);
        if (!IsHeld || _holder.Caller != caller)
            return;
        _mustTell = true;
        PassOn(answers);
    }

    /// <inheritdoc/>
    public void TimePassed(TimeSpan now, List<ObjectAnswer> answers)
    {
        while (_waiting.TryTakeExpired(now, out var late))
            answers.Answer(late.Key, ObjectStatus.TimedOut);
    }

    /// <inheritdoc/>
    public void End(List<ObjectAnswer> answers)
    {
        while (_waiting.TryTake(out var waiting))
            answers.Answer(waiting.Key, ObjectStatus.NoSuchObject);
    }

    private bool IsHeld => _heldToken != 0;

    private void Acquire(CallKey key, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        // The message came twice: it has its answer.
        if (IsHeld && _holder == key)
            return;
        if (!IsHeld)
            Grant(key, answers);
        else if (call.TimeoutMilliseconds == 0)
            answers.Answer(key, ObjectStatus.TimedOut);
        else
            _waiting.Add(key, call, now);
    }

    private void Release(CallKey key, long token, List<ObjectAnswer> answers)
    {
        if (!IsHeld || token != _heldToken)
        {
            answers.Answer(key, ObjectStatus.NotHeld);
            return;
        }

        answers.Answer(key, ObjectStatus.Ok);
        PassOn(answers);
    }

    private void PassOn(List<ObjectAnswer> answers)
    {
        _heldToken = 0;
        if (_waiting.TryTake(out var next))
            Grant(next.Key, answers);
    }

    private void Grant(CallKey key, List<ObjectAnswer> answers)
    {
        _holder = key;
        _heldToken = ++_lastToken;
        _isConfirmed = false;
        _holderWasTold = _mustTell;
        _mustTell = false;
        answers.Answer(key, _holderWasTold ? ObjectStatus.OkAbandoned : ObjectStatus.Ok, _heldToken);
    }
}
