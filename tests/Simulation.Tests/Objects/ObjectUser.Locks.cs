using Actors.Messages.Objects;

namespace Actors.Simulation.Tests.Objects;

/// <content>Locks, their condition, and semaphores.</content>
internal sealed partial class ObjectUser
{
    private long? _token;
    private long? _permit;

    /// <summary>Whether the program waits on the condition, until it is notified.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Wakes the programs that wait on the condition.</summary>
    public void WakeWaiting()
    {
        if (_token is null)
            TryCall(0, () => AcquireLock(-1));
    }

    private void UseLock(int choice)
    {
        if (_token is not { } token)
        {
            AcquireLock(TimeoutOf(choice));
            return;
        }

        switch (choice % 5)
        {
            case 0: WaitForCondition(token, _number == 0 ? 400 : TimeoutOf(choice / 5)); break;
            case 1: Notify(token, 1, static () => { }); break;
            case 2: Notify(token, long.MaxValue, static () => { }); break;
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

    private void ReleaseLock(long token)
    {
        _token = null;
        _world.Locks.RecordRelease(_session.Number);
        Call(0, _world.Lock, ObjectOperation.Release, 0, token, [], static _ => { });
    }

    private void WakeAndRelease()
    {
        var session = _session;
        Notify(_token!.Value, long.MaxValue, () =>
        {
            if (session == _session && _token is { } token)
                TryCall(0, () => ReleaseLock(token));
        });
    }

    private void WaitForCondition(long token, long timeout)
    {
        var session = _session;
        _token = null;
        IsWaiting = true;
        _world.Locks.RecordRelease(session.Number);
        if (timeout < 0)
            _world.Waits.RecordWait(session.Number, token);
        var arguments = new ConditionArguments(0, 0).ToPayload();
        Call(0, _world.Lock, ObjectOperation.ConditionWait, timeout, token, [arguments], reply =>
        {
            IsWaiting = false;
            if (reply is not { Status: ObjectStatus.Ok or ObjectStatus.OkAbandoned })
            {
                _world.OnWaitFailed(session, reply);
                return;
            }

            _token = reply.Number;
            _world.Waits.RecordReturn(session.Number, reply.Number);
            _world.OnLockAcquired(session, reply.Number);
        });
    }

    private void Notify(long token, long count, Action onNotified) => Call(
        0, _world.Lock, ObjectOperation.ConditionNotify, 0, token, [new ConditionArguments(0, count).ToPayload()], reply =>
        {
            if (reply is { Status: ObjectStatus.Ok } && count == long.MaxValue)
                _world.Waits.RecordNotification(token);
            if (reply is not null)
                onNotified();
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
