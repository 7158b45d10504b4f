using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A lock that any number of processes share, as Python's <c>Manager().Lock()</c>: fair, not reentrant. Pass it as an argument: it
/// arrives as a working proxy. When the process that holds it dies it is released, and the next holder is told
/// (<see cref="LockHold.WasAbandoned"/>), where Python's stays locked for ever. Thread-safe.
/// </summary>
public sealed class ManagedLock : ICarried<ManagedLock>
{
    private readonly ObjectProxy _proxy;

    internal ManagedLock(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>Whether anybody holds it, at some moment during the call. Blocks for a round trip.</summary>
    public bool IsLocked => _proxy.Call(ObjectOperation.Holder, null, 0, [], default).Number != 0;

    /// <summary>Takes the lock, waiting for it. Blocks the thread. Dispose what is returned to release it.</summary>
    /// <param name="timeout">How long to wait at most; null is for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TimeoutException">The lock stayed taken for the timeout.</exception>
    public LockHold Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Hold(_proxy.Call(ObjectOperation.Acquire, timeout, 0, [], cancellationToken)) ?? throw TimedOut(timeout);

    /// <inheritdoc cref="Acquire"/>
    public async Task<LockHold> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Hold(await _proxy.CallAsync(ObjectOperation.Acquire, timeout, 0, [], cancellationToken).ConfigureAwait(false)) ?? throw TimedOut(timeout);

    /// <summary>Takes the lock if it is free at once, as Python's <c>acquire(block=False)</c>, or within the timeout.</summary>
    /// <returns>The hold, or null when the lock stayed taken.</returns>
    public LockHold? TryAcquire(TimeSpan timeout = default) => Hold(_proxy.Call(ObjectOperation.Acquire, timeout, 0, [], default));

    /// <inheritdoc cref="TryAcquire"/>
    public async Task<LockHold?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        Hold(await _proxy.CallAsync(ObjectOperation.Acquire, timeout, 0, [], cancellationToken).ConfigureAwait(false));

    void ICarried<ManagedLock>.Write(ref ValueWriter writer) => _proxy.Write(ref writer);

    static ManagedLock ICarried<ManagedLock>.Read(ref ValueReader reader) => new(ObjectProxy.Read(ref reader));

    private LockHold? Hold(ObjectReply reply) => reply.Status switch
    {
        ObjectStatus.Ok => new LockHold(_proxy, reply.Number, wasAbandoned: false),
        ObjectStatus.OkAbandoned => new LockHold(_proxy, reply.Number, wasAbandoned: true),
        _ => null,
    };

    private static TimeoutException TimedOut(TimeSpan? timeout) => new($"The lock stayed taken for {timeout}.");
}
