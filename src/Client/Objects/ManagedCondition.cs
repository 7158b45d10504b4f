using System.Diagnostics;
using Actors.Messages.Values;
using Actors.Objects;
using Actors.Runtime;

namespace Actors;

/// <summary>
/// A condition that any number of processes share, as Python's <c>Manager().Condition()</c>: to be used while its lock is held. A wait ends
/// when it is notified, when its time is over, or when the process that holds the lock dies, which may have been the one to notify:
/// the next holder then sees <see cref="LockHold.WasAbandoned"/>. A notification of a process that dies before it hears of it goes to
/// another that waited at that time. Whoever waited longest is woken first. Of a <see cref="ManagedReentrantLock"/> the owner itself must
/// wait and notify; a <see cref="ManagedLock"/> may be used by all of the process that holds it. Pass it as an argument: it arrives
/// as a working proxy of the same condition and lock. Thread-safe.
/// </summary>
/// <remarks>
/// Every call may throw <see cref="ManagedObjectGoneException"/>, when the object's manager was disposed, and <see cref="CoordinatorLostException"/>, when the coordinator that
/// has the object is lost.
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

    /// <summary>Takes the lock of the condition, waiting for it, as Python's <c>with condition:</c>. Blocks the thread.</summary>
    /// <exception cref="TimeoutException">The lock stayed taken for the timeout.</exception>
    public LockHold Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => _access.Take(timeout, cancellationToken);

    /// <inheritdoc cref="Acquire"/>
    public Task<LockHold> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _access.TakeAsync(timeout, cancellationToken);

    /// <summary>
    /// Gives the lock back, however often it is held, waits for a notification, and takes it again before it returns or throws
    /// <see cref="OperationCanceledException"/>, as Python's <c>wait(timeout)</c>. Blocks the thread.
    /// </summary>
    /// <param name="timeout">How long to wait at most, not counting the wait for the lock afterwards; null is for ever.</param>
    /// <param name="cancellationToken">Gives up waiting for a notification, not for the lock.</param>
    /// <returns>Whether it was woken, not out of time. What it waited for may be gone again: look, or use <see cref="WaitFor"/>.</returns>
    /// <exception cref="LockNotHeldException">The lock is not held; Python's <c>RuntimeError</c>.</exception>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => _waiter.Wait(timeout, cancellationToken);

    /// <inheritdoc cref="Wait"/>
    public Task<bool> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _waiter.WaitAsync(timeout, cancellationToken);

    /// <summary>Waits until the predicate, which is called with the lock held, is true, as Python's <c>wait_for(predicate, timeout)</c>.</summary>
    /// <returns>What the predicate said last.</returns>
    /// <exception cref="LockNotHeldException">The lock is not held.</exception>
    public bool WaitFor(Func<bool> predicate, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var limit = TimeoutRule.Require(timeout);
        _access.RequireHeld();
        var start = Stopwatch.GetTimestamp();
        while (!predicate())
        {
            if (Rest(limit, start) is { Ticks: 0 })
                return false;
            Wait(Rest(limit, start), cancellationToken);
        }

        return true;
    }

    /// <inheritdoc cref="WaitFor"/>
    public async Task<bool> WaitForAsync(Func<bool> predicate, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var limit = TimeoutRule.Require(timeout);
        _access.RequireHeld();
        var start = Stopwatch.GetTimestamp();
        while (!predicate())
        {
            if (Rest(limit, start) is { Ticks: 0 })
                return false;
            await WaitAsync(Rest(limit, start), cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Wakes up to so many that wait, as Python's <c>notify(n)</c>; nothing when none does. Blocks for a round trip.</summary>
    /// <exception cref="LockNotHeldException">The lock is not held.</exception>
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

    /// <summary>Wakes all that wait, as Python's <c>notify_all()</c>. Blocks for a round trip.</summary>
    /// <exception cref="LockNotHeldException">The lock is not held.</exception>
    public void NotifyAll() => _waiter.Notify(long.MaxValue);

    /// <inheritdoc cref="NotifyAll"/>
    public Task NotifyAllAsync(CancellationToken cancellationToken = default) => _waiter.NotifyAsync(long.MaxValue, cancellationToken);

    void ICarried<ManagedCondition>.Write(ref ValueWriter writer)
    {
        _access.Write(ref writer);
        writer.Write(_number);
    }

    static ManagedCondition ICarried<ManagedCondition>.Read(ref ValueReader reader)
    {
        var access = LockAccess.Read(ref reader);
        return new ManagedCondition(access, reader.Read<long>());
    }

    private static TimeSpan Rest(TimeSpan limit, long start)
    {
        if (limit == Timeout.InfiniteTimeSpan)
            return limit;
        var rest = limit - Stopwatch.GetElapsedTime(start);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }
}
