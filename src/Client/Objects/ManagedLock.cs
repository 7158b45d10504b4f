using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A fair, non-reentrant lock shared by any number of processes, as Python's <c>Manager().Lock()</c>. When the holding process dies, the
/// lock is released and the next holder is informed (<see cref="LockHold.WasAbandoned"/>); in Python it stays locked forever. A worker that
/// receives it as an argument gets a working proxy. Thread-safe.
/// </summary>
/// <remarks>
/// Every call can throw <see cref="ManagedObjectGoneException"/> (the manager of the object was disposed) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the object was lost).
/// </remarks>
public sealed class ManagedLock : ICarried<ManagedLock>
{
    internal ManagedLock(ObjectProxy proxy) => Access = new LockAccess(proxy, isReentrant: false);

    /// <summary>Gets whether the lock is held, at some moment during the call. Blocks for a round trip.</summary>
    public bool IsLocked => Access.IsLocked;

    internal LockAccess Access { get; }

    /// <summary>Acquires the lock; blocks the thread until it is free. Dispose the returned hold to release it.</summary>
    /// <param name="timeout">The longest time to wait; null waits without limit.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">The lock was not released within the timeout.</exception>
    public LockHold Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Access.AcquireLock(timeout, cancellationToken);

    /// <inheritdoc cref="Acquire"/>
    public Task<LockHold> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Access.AcquireLockAsync(timeout, cancellationToken);

    /// <summary>Tries to acquire the lock, at once or within the timeout, as Python's <c>acquire(block=False)</c>.</summary>
    /// <returns>The hold; null when the lock was not released within the timeout.</returns>
    public LockHold? TryAcquire(TimeSpan timeout = default) => Access.TryAcquireLock(timeout, default);

    /// <inheritdoc cref="TryAcquire"/>
    public Task<LockHold?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        Access.TryAcquireLockAsync(timeout, cancellationToken);

    void ICarried<ManagedLock>.WriteTo(ref ValueWriter writer) => Access.Proxy.WriteTo(ref writer);

    static ManagedLock ICarried<ManagedLock>.ReadFrom(ref ValueReader reader) => new(ObjectProxy.ReadFrom(ref reader));
}
