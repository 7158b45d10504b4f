using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A fair lock. Each acquisition has a token greater than all earlier ones. When the process of the holder dies, the lock is released, and
/// the next holder is told that it was abandoned. Conditions of the lock are handled here too, so that releasing the lock and waiting are
/// one step. A notified or timed-out waiter queues for the lock like any other. Reentrant acquisitions are counted in the process of the
/// holder; here it acquires the lock once.
/// </summary>
public sealed class LockState : IManagedObjectState
{
    private readonly WaitingCalls _waiting = new();
    private readonly ConditionWaits _conditions = new();
    private (Caller Caller, long Call)? _holder;
    private NotifiableWait? _unconfirmedWait;
    private bool _isUnconfirmed;
    private bool _wasAbandoned;
    private bool _isHolderInformed;
    private long _token;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => (_waiting.NextDeadline, _conditions.NextDeadline) switch
    {
        ({ } acquisition, { } wait) => acquisition < wait ? acquisition : wait,
        var (acquisition, wait) => acquisition ?? wait,
    };

    /// <inheritdoc/>
    public ObjectFigures Figures => new(Waiting: _waiting.Count, Holder: _holder?.Caller);

    /// <inheritdoc/>
    public void HandleCall(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.Acquire: AcquireLock(caller, call, now, answers); break;
            case ObjectOperation.Release when call.As<LockRelease>() is { } release: ReleaseLock(caller, release, answers); break;
            case ObjectOperation.Holder when call.As<LockHolder>() is { } holder:
                answers.AddReply(caller, holder, new HolderReply(_holder is null ? 0 : _token));
                break;
            case ObjectOperation.ConditionWait when call.As<ConditionWait>() is { } wait:
                WaitForCondition(caller, wait, now, answers);
                break;
            case ObjectOperation.ConditionNotify when call.As<ConditionNotify>() is { } notify:
                NotifyWaiters(caller, notify, answers);
                break;
            default: answers.AddStatus(caller, call, ObjectStatus.NotSupported); break;
        }
    }

    /// <inheritdoc/>
    public void ConfirmReceipt(Caller caller, long call)
    {
        if (_holder == (caller, call))
            _isUnconfirmed = false;
    }

    /// <inheritdoc/>
    public void AbandonCall(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
        RemoveWaiting(waiting => waiting.IsCall(caller, call));
        if (_holder == (caller, call) && _isUnconfirmed)
            RevokeGrant(answers);
        GrantFirst(answers);
    }

    /// <inheritdoc/>
    public void RemoveCaller(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
        RemoveWaiting(waiting => waiting.Caller == caller);
        // Even if the holder may not know that it has the lock: if its node died too, its last messages may be lost.
        if (_holder?.Caller == caller)
            FreeAbandoned(answers);
        GrantFirst(answers);
    }

    /// <inheritdoc/>
    public void ExpireCalls(TimeSpan now, List<ObjectAnswer> answers)
    {
        foreach (var waiting in _waiting.RemoveWhere(waiting => waiting.Deadline <= now))
            answers.AddStatus(waiting, ObjectStatus.TimedOut);
        QueueForLock(_conditions.RemoveWaits(waiting => waiting.Deadline <= now));
        GrantFirst(answers);
    }

    /// <inheritdoc/>
    public void EndAllCalls(List<ObjectAnswer> answers)
    {
        foreach (var waiting in _waiting.RemoveWhere(_ => true).Concat(_conditions.RemoveWaits(_ => true)))
            answers.AddStatus(waiting, ObjectStatus.NoSuchObject);
    }

    private void AcquireLock(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        _waiting.AddCall(new WaitingCall(caller, call, now));
        GrantFirst(answers);
        if (call.TimeoutMilliseconds == 0)
            ExpireCalls(now, answers);
    }

    private void ReleaseLock(Caller caller, TypedCall<LockRelease> call, List<ObjectAnswer> answers)
    {
        if (_holder is null || call.Request.Token != _token)
        {
            answers.AddStatus(caller, call, ObjectStatus.NotHeld);
            return;
        }

        answers.AddStatus(caller, call, ObjectStatus.Ok);
        FreeLock(answers);
    }

    /// <summary>Waits on a condition. Even a wait without time releases the lock if another call waits for it.</summary>
    private void WaitForCondition(Caller caller, TypedCall<ConditionWait> call, TimeSpan now, List<ObjectAnswer> answers)
    {
        if (!IsHeldBy(caller, call.Request.Token))
        {
            answers.AddStatus(caller, call, ObjectStatus.NotHeld);
            return;
        }

        _conditions.AddWait(call.Request.Condition, new WaitingCall(caller, call.Envelope, now));
        FreeLock(answers);
        if (call.Envelope.TimeoutMilliseconds == 0)
            ExpireCalls(now, answers);
    }

    private void NotifyWaiters(Caller caller, TypedCall<ConditionNotify> call, List<ObjectAnswer> answers)
    {
        var (token, condition, count) = call.Request;
        var isHeld = IsHeldBy(caller, token);
        if (isHeld)
            QueueForLock(_conditions.NotifyWaiters(condition, count));
        answers.AddStatus(caller, call, isHeld ? ObjectStatus.Ok : ObjectStatus.NotHeld);
    }

    private bool IsHeldBy(Caller caller, long token) => _holder?.Caller == caller && token == _token;

    private void QueueForLock(IEnumerable<WaitingCall> waits)
    {
        foreach (var wait in waits)
            _waiting.AddCall(wait.WithoutDeadline());
    }

    private void RemoveWaiting(Predicate<WaitingCall> match)
    {
        _conditions.RemoveWaits(match);
        foreach (var removed in _waiting.RemoveWhere(match))
            PassNotification(removed.Wait);
    }

    /// <summary>
    /// Passes on the notification of a waiter that never learned of it. If all that waited then are notified, one of them takes it and
    /// passes its own on: a call that began to wait later may have that one.
    /// </summary>
    private void PassNotification(NotifiableWait? unconfirmed)
    {
        while (unconfirmed is { NotifiedAfter: { } last } wait)
        {
            var notified = _conditions.PassNotification(wait).ToList();
            QueueForLock(notified);
            if (notified.Count > 0 || FindLaterNotified(wait.Condition, last) is not { Wait: { } later } other)
                return;
            other.Wait = later with { NotifiedAfter = last };
            unconfirmed = later;
        }
    }

    /// <summary>Finds the last notified of the queued calls that already waited after the wait with a number had begun.</summary>
    private WaitingCall? FindLaterNotified(long condition, long last) => _waiting.Calls
        .Where(call => call.Wait is { } wait && wait.Condition == condition && wait.Number <= last && wait.NotifiedAfter > last)
        .MaxBy(call => call.Wait!.Value.NotifiedAfter);

    /// <summary>Frees the lock of a dead holder, and wakes all waiters: the holder might have been the one to notify them.</summary>
    private void FreeAbandoned(List<ObjectAnswer> answers)
    {
        _wasAbandoned = true;
        QueueForLock(_conditions.NotifyAll());
        FreeLock(answers);
    }

    /// <summary>
    /// Revokes a grant that the caller never received. The protected state is unchanged, and neither the abandoned flag nor a notification
    /// has been delivered: both pass to the next holder.
    /// </summary>
    private void RevokeGrant(List<ObjectAnswer> answers)
    {
        _wasAbandoned = _isHolderInformed;
        PassNotification(_unconfirmedWait);
        FreeLock(answers);
    }

    private void FreeLock(List<ObjectAnswer> answers)
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
        _unconfirmedWait = next.Wait;
        var status = _wasAbandoned ? ObjectStatus.OkAbandoned : ObjectStatus.Ok;
        answers.AddReply(next, new LockReply(++_token, IsUnnotified: next.Wait is { NotifiedAfter: null }, status));
        _isHolderInformed = _wasAbandoned;
        _wasAbandoned = false;
    }
}
