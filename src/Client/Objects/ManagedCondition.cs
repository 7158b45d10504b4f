using Actors.Messages.Values;
using Actors.Objects;
using Actors.Runtime;

namespace Actors;

/// <summary>
/// A condition variable shared by any number of processes, as Python's <c>Manager().Condition()</c>; use it while its lock is held. A wait
/// ends when it is notified, when its timeout passes, or when the process that holds the lock dies, since that process may have been the
/// notifier: the next holder then sees <see cref="LockHold.WasAbandoned"/>. A notification for a process that dies before receiving it goes
/// to another waiter of that time. The longest waiter is notified first. With a <see cref="ManagedReentrantLock"/> the owner itself must
/// wait and notify; with a <see cref="ManagedLock"/> any code of the holding process may. A worker that receives it as an argument gets a
/// working proxy of the same condition and lock. Thread-safe.
/// </summary>
/// <remarks>
/// Every call can throw <see cref="ManagedObjectGoneException"/> (the manager of the object was disposed) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the object was lost).
/// </remarks>
public sealed class ManagedCondition : ICarried<ManagedCondition>
{
    private readonly LockAccess _access;
    private readonly ConditionWaiter _waiter;
    private readonly long _number;

    internal ManagedCondition(LockAccess access, long number)
    {
        _access = access;
        _number = number;
        _waiter = new ConditionWaiter(access, number);
    }

    /// <summary>Acquires the lock of the condition, as Python's <c>with condition:</c>. Blocks the thread.</summary>
    /// <exception cref="TimeoutException">The lock was not released within the timeout.</exception>
    public LockHold Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _access.AcquireLock(timeout, cancellationToken);

    /// <inheritdoc cref="Acquire"/>
    public Task<LockHold> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _access.AcquireLockAsync(timeout, cancellationToken);

    /// <summary>
    /// Releases the lock with all its holds, waits for a notification, and acquires the lock again before it returns or throws
    /// <see cref="OperationCanceledException"/>, as Python's <c>wait(timeout)</c>. Blocks the thread.
    /// </summary>
    /// <param name="timeout">The longest time to wait, without the wait for the lock afterwards; null waits without limit.</param>
    /// <param name="cancellationToken">Cancels the wait for a notification, not for the lock.</param>
    /// <returns>
    /// True when notified; false when the timeout has passed. The awaited state may have changed again: check it, or use
    /// <see cref="WaitFor"/>.
    /// </returns>
    /// <exception cref="LockNotHeldException">The caller does not hold the lock; Python's <c>RuntimeError</c>.</exception>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => _waiter.Wait(timeout, cancellationToken);

    /// <inheritdoc cref="Wait"/>
    public Task<bool> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _waiter.WaitAsync(timeout, cancellationToken);

    /// <summary>
    /// Waits until the predicate is true, as Python's <c>wait_for(predicate, timeout)</c>. The predicate runs with the lock held.
    /// </summary>
    /// <returns>The last value of the predicate.</returns>
    /// <exception cref="LockNotHeldException">The caller does not hold the lock.</exception>
    public bool WaitFor(Func<bool> predicate, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var limit = TimeoutRule.RequireValid(timeout);
        _access.RequireHeld();
        var start = _access.Proxy.Clock.GetTimestamp();
        while (!predicate())
        {
            if (GetRemainingTime(limit, start) is { Ticks: 0 })
                return false;
            Wait(GetRemainingTime(limit, start), cancellationToken);
        }

        return true;
    }

    /// <inheritdoc cref="WaitFor"/>
    public async Task<bool> WaitForAsync(Func<bool> predicate, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var limit = TimeoutRule.RequireValid(timeout);
        _access.RequireHeld();
        var start = _access.Proxy.Clock.GetTimestamp();
        while (!predicate())
        {
            if (GetRemainingTime(limit, start) is { Ticks: 0 })
                return false;
            await WaitAsync(GetRemainingTime(limit, start), cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Notifies up to the given number of waiters, as Python's <c>notify(n)</c>. Blocks for a round trip.</summary>
    /// <exception cref="LockNotHeldException">The caller does not hold the lock.</exception>
    public void Notify(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _waiter.Notify(count);
    }

    /// <inheritdoc cref="Notify"/>
    public Task NotifyAsync(int count = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return _waiter.NotifyAsync(count, cancellationToken);
    }

    /// <summary>Notifies all waiters, as Python's <c>notify_all()</c>. Blocks for a round trip.</summary>
    /// <exception cref="LockNotHeldException">The caller does not hold the lock.</exception>
    public void NotifyAll() => _waiter.Notify(long.MaxValue);

    /// <inheritdoc cref="NotifyAll"/>
    public Task NotifyAllAsync(CancellationToken cancellationToken = default) => _waiter.NotifyAsync(long.MaxValue, cancellationToken);

    void ICarried<ManagedCondition>.WriteTo(ref ValueWriter writer)
    {
        _access.WriteTo(ref writer);
        writer.WriteValue(_number);
    }

    static ManagedCondition ICarried<ManagedCondition>.ReadFrom(ref ValueReader reader)
    {
        var access = LockAccess.ReadFrom(ref reader);
        return new ManagedCondition(access, reader.ReadValue<long>());
    }

    private TimeSpan GetRemainingTime(TimeSpan limit, long start)
    {
        if (limit == Timeout.InfiniteTimeSpan)
            return limit;
        var rest = limit - _access.Proxy.Clock.GetElapsedTime(start);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }
}
