using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Simulation.Tests.Objects;

/// <content>Locks, their condition, and semaphores.</content>
internal sealed partial class ObjectUser
{
    private long? _token;
    private long? _permit;
    private bool _wakes;

    /// <summary>Whether the program waits on the condition, until it is notified.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Wakes the programs that wait on the condition.</summary>
    public void WakeWaiting()
    {
        _wakes = true;
        TryCall(0, () => AcquireLock(-1));
    }

    private void UseLock(int choice)
    {
        if (_token is not { } token)
        {
            AcquireLock(TimeoutOf(choice));
            return;
        }

        switch (choice % 6)
        {
            case 0 or 1: WaitForCondition(token, _number == 0 ? 400 : TimeoutOf(choice / 6)); break;
            case 2: Notify(token, 1); break;
            case 3: Notify(token, long.MaxValue); break;
            default: ReleaseLock(token); break;
        }
    }

    private void AcquireLock(long timeout)
    {
        var (session, request) = (_session, _world.Waits.RecordRequest());
        Call(0, _world.Lock, ObjectOperation.Acquire, timeout, 0, [], reply =>
        {
            if (reply is not { Status: ObjectStatus.Ok or ObjectStatus.OkAbandoned })
                return;
            _token = reply.Number;
            _world.Waits.RecordAcquisition(request, reply.Number);
            _world.OnLockAcquired(session, reply.Number);
        });
    }

    /// <summary>Abandons the wait on the condition, whose end may be on its way.</summary>
    public void AbandonWait()
    {
        if (IsWaiting && IsConnected)
            _session.AbandonCall(ObjectOperation.ConditionWait);
    }

    private void ReleaseLock(long token)
    {
        _token = null;
        _world.AbandonWaitSoon(token);
        _world.Locks.RecordRelease(_session.Number);
        Call(0, _world.Lock, ObjectOperation.Release, 0, token, [], static _ => { });
    }

    /// <summary>Releases the lock, and wakes the waiting programs before if that is wanted.</summary>
    private void EndHolding()
    {
        var token = _token!.Value;
        if (_wakes)
            Notify(token, long.MaxValue);
        else
            ReleaseLock(token);
        _wakes = false;
    }

    private void WaitForCondition(long token, long timeout)
    {
        var session = _session;
        _token = null;
        IsWaiting = true;
        _world.Locks.RecordRelease(session.Number);
        _world.Waits.RecordWait(session.Number, token);
        Call(0, _world.Lock, new ConditionWait(token, 0), timeout, reply =>
        {
            IsWaiting = false;
            if (reply is not { Status: ObjectStatus.Ok or ObjectStatus.OkAbandoned })
            {
                _world.OnWaitFailed(session, reply);
                return;
            }

            _token = reply.Number;
            // A wait that has timed out returns a payload.
            _world.Waits.RecordReturn(session.Number, reply.Number, isNotified: reply.Payloads.IsEmpty);
            _world.OnLockAcquired(session, reply.Number);
        });
    }

    private void Notify(long token, long count) => Call(
        0, _world.Lock, new ConditionNotify(token, 0, count), 0, reply =>
        {
            if (reply is not { Status: ObjectStatus.Ok })
                return;
            if (count == 1)
                _world.Waits.RecordNotification(token);
            else
                _world.Waits.RecordNotificationOfAll(token);
        });

    private void TakeOrReturnPermit(int choice)
    {
        var session = _session;
        if (_permit is { } permit)
        {
            _permit = null;
            _world.Permits.RecordRelease(session.Number);
            Call(1, _world.Semaphore, ObjectOperation.SemaphoreReturn, 0, permit, [], static _ => { });
            return;
        }

        Call(1, _world.Semaphore, ObjectOperation.SemaphoreAcquire, TimeoutOf(choice), 0, [], reply =>
        {
            if (reply is not { Status: ObjectStatus.Ok })
                return;
            _permit = reply.Number;
            _world.OnPermitAcquired(session);
        });
    }
}
