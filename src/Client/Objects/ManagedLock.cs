using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A lock that any number of processes share, as Python's <c>Manager().Lock()</c>: fair, not reentrant. Pass it as an argument: it
/// arrives as a working proxy. When the process that holds it dies it is released, and the next holder is told
/// (<see cref="LockHold.WasAbandoned"/>), where Python's stays locked for ever. Thread-safe.
/// </summary>
/// <remarks>
/// Every call may throw <see cref="ManagedObjectGoneException"/>, when the object's manager was disposed, and <see cref="CoordinatorLostException"/>, when the coordinator that
/// has the object is lost.
/// </remarks>
public sealed class ManagedLock : ICarried<ManagedLock>
{
    internal ManagedLock(ObjectProxy proxy) => Access = new LockAccess(proxy, isReentrant: false);

    /// <summary>Whether anybody holds it, at some moment during the call. Blocks for a round trip.</summary>
    public bool IsLocked => Access.IsLocked;

    internal LockAccess Access { get; }

    /// <summary>Takes the lock, waiting for it. Blocks the thread. Dispose what is returned to release it.</summary>
    /// <param name="timeout">How long to wait at most; null is for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TimeoutException">The lock stayed taken for the timeout.</exception>
    public LockHold Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => Access.Take(timeout, cancellationToken);

    /// <inheritdoc cref="Acquire"/>
    public Task<LockHold> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Access.TakeAsync(timeout, cancellationToken);

    /// <summary>Takes the lock if it is free at once, as Python's <c>acquire(block=False)</c>, or within the timeout.</summary>
    /// <returns>The hold, or null when the lock stayed taken.</returns>
    public LockHold? TryAcquire(TimeSpan timeout = default) => Access.TryTake(timeout, default);

    /// <inheritdoc cref="TryAcquire"/>
    public Task<LockHold?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        Access.TryTakeAsync(timeout, cancellationToken);

    void ICarried<ManagedLock>.Write(ref ValueWriter writer) => Access.Proxy.Write(ref writer);

    static ManagedLock ICarried<ManagedLock>.Read(ref ValueReader reader) => new(ObjectProxy.Read(ref reader));
}
