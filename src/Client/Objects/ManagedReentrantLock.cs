using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A lock that any number of processes share and that its owner may take again, as Python's <c>Manager().RLock()</c>: fair; released with
/// the last of its holds. Its owner is, as of .NET's <see cref="Monitor"/>, the thread for <see cref="Acquire"/>, which also has to release it;
/// for <see cref="AcquireAsync"/> it is the asynchronous flow: the method that awaited it, with all that it calls or starts while it
/// holds the lock. An async method that takes the lock and returns the hold keeps the ownership to itself: its caller would wait for the
/// lock like any other. When the process that holds it dies it is released wholly, and the next holder is told
/// (<see cref="LockHold.WasAbandoned"/>). Pass it as an argument: it arrives as a working proxy. Thread-safe.
/// </summary>
/// <remarks>
/// Every call may throw <see cref="ManagedObjectGoneException"/>, when the object's manager was disposed, and <see cref="CoordinatorLostException"/>, when the coordinator that
/// has the object is lost.
/// </remarks>
public sealed class ManagedReentrantLock : ICarried<ManagedReentrantLock>
{
    internal ManagedReentrantLock(ObjectProxy proxy) => Access = new LockAccess(proxy, isReentrant: true);

    /// <summary>Whether anybody holds it, at some moment during the call. Blocks for a round trip.</summary>
    public bool IsLocked => Access.IsLocked;

    internal LockAccess Access { get; }

    /// <summary>
    /// Takes the lock, waiting for it; at once and without a round trip where this thread holds it. Blocks the thread. Dispose what is
    /// returned, on the same thread, to release it.
    /// </summary>
    /// <param name="timeout">How long to wait at most; null is for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TimeoutException">The lock stayed taken for the timeout.</exception>
    public LockHold Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => Access.Take(timeout, cancellationToken);

    /// <summary>
    /// Takes the lock, waiting for it; at once and without a round trip where this flow holds it. Dispose what is returned to release it.
    /// </summary>
    /// <param name="timeout">How long to wait at most; null is for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TimeoutException">The lock stayed taken for the timeout.</exception>
    public Task<LockHold> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Access.TakeAsync(timeout, cancellationToken);

    /// <summary>Takes the lock if it is free at once, or this thread's already, or within the timeout.</summary>
    /// <returns>The hold, or null when the lock stayed taken.</returns>
    public LockHold? TryAcquire(TimeSpan timeout = default) => Access.TryTake(timeout, default);

    /// <summary>Takes the lock if it is free at once, or this flow's already, or within the timeout.</summary>
    /// <returns>The hold, or null when the lock stayed taken.</returns>
    public Task<LockHold?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        Access.TryTakeAsync(timeout, cancellationToken);

    void ICarried<ManagedReentrantLock>.Write(ref ValueWriter writer) => Access.Proxy.Write(ref writer);

    static ManagedReentrantLock ICarried<ManagedReentrantLock>.Read(ref ValueReader reader) => new(ObjectProxy.Read(ref reader));
}
