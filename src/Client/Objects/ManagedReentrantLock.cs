using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A fair, reentrant lock shared by any number of processes, as Python's <c>Manager().RLock()</c>; released with the last of its holds.
/// <see cref="Acquire"/> makes the thread the owner, as .NET's <see cref="Monitor"/>, and that thread must release it.
/// <see cref="AcquireAsync"/> makes the asynchronous flow the owner: the awaiting method, with everything that it calls or starts while it
/// holds the lock. An async method that acquires the lock and returns the hold does not pass on the ownership: its caller waits for the
/// lock like any other. When the holding process dies, the lock is released and the next holder is informed
/// (<see cref="LockHold.WasAbandoned"/>). A worker that receives it as an argument gets a working proxy. Thread-safe.
/// </summary>
/// <remarks>
/// Every call can throw <see cref="ManagedObjectGoneException"/> (the manager of the object was disposed) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the object was lost).
/// </remarks>
public sealed class ManagedReentrantLock : ICarried<ManagedReentrantLock>
{
    internal ManagedReentrantLock(ObjectProxy proxy) => Access = new LockAccess(proxy, isReentrant: true);

    /// <summary>Gets whether the lock is held, at some moment during the call. Blocks for a round trip.</summary>
    public bool IsLocked => Access.IsLocked;

    internal LockAccess Access { get; }

    /// <summary>
    /// Acquires the lock; blocks the thread until it is free. Returns at once, without a round trip, when this thread holds it. Dispose the
    /// returned hold on the same thread to release it.
    /// </summary>
    /// <param name="timeout">The longest time to wait; null waits without limit.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">The lock was not released within the timeout.</exception>
    public LockHold Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Access.AcquireLock(timeout, cancellationToken);

    /// <summary>
    /// Acquires the lock. Completes at once, without a round trip, when this flow holds it. Dispose the returned hold to release it.
    /// </summary>
    /// <param name="timeout">The longest time to wait; null waits without limit.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">The lock was not released within the timeout.</exception>
    public Task<LockHold> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Access.AcquireLockAsync(timeout, cancellationToken);

    /// <summary>Tries to acquire the lock, at once or within the timeout; succeeds when this thread holds it.</summary>
    /// <returns>The hold; null when the lock was not released within the timeout.</returns>
    public LockHold? TryAcquire(TimeSpan timeout = default) => Access.TryAcquireLock(timeout, default);

    /// <summary>Tries to acquire the lock, at once or within the timeout; succeeds when this flow holds it.</summary>
    /// <returns>The hold; null when the lock was not released within the timeout.</returns>
    public Task<LockHold?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        Access.TryAcquireLockAsync(timeout, cancellationToken);

    void ICarried<ManagedReentrantLock>.WriteTo(ref ValueWriter writer) => Access.Proxy.WriteTo(ref writer);

    static ManagedReentrantLock ICarried<ManagedReentrantLock>.ReadFrom(ref ValueReader reader) => new(ObjectProxy.ReadFrom(ref reader));
}
