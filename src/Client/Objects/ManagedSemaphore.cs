using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A semaphore that any number of processes share, as Python's <c>Manager().Semaphore(value)</c> and <c>BoundedSemaphore(value)</c>: fair.
/// Two ways to use it. To share a resource: <see cref="Acquire"/> a permit and dispose of it; a process that dies gives back the permits
/// that it holds so, where Python's stay taken. To signal: <see cref="Release"/> adds permits, whoever does it, and <see cref="Wait"/>
/// uses one up for good, whatever becomes of the process. Pass it as an argument: it arrives as a working proxy. Thread-safe.
/// </summary>
/// <remarks>
/// Every call may throw <see cref="ManagedObjectGoneException"/>, when the object's manager was disposed, and <see cref="CoordinatorLostException"/>, when the coordinator that
/// has the object is lost.
/// </remarks>
public sealed class ManagedSemaphore : ICarried<ManagedSemaphore>
{
    private readonly ObjectProxy _proxy;

    internal ManagedSemaphore(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>How many permits are free, at some moment during the call, as Python's <c>get_value()</c>. Blocks for a round trip.</summary>
    public int CurrentCount => (int)_proxy.Call(ObjectOperation.SemaphoreCount, null, 0, [], default).Number;

    /// <summary>Takes a permit, waiting for it. Blocks the thread. Dispose what is returned to give it back.</summary>
    /// <param name="timeout">How long to wait at most; null is for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TimeoutException">There was no permit within the timeout.</exception>
    public SemaphoreHold Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Hold(_proxy.Call(ObjectOperation.SemaphoreAcquire, timeout, 0, [], cancellationToken)) ?? throw TimedOut(timeout);

    /// <inheritdoc cref="Acquire"/>
    public async Task<SemaphoreHold> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Hold(await _proxy.CallAsync(ObjectOperation.SemaphoreAcquire, timeout, 0, [], cancellationToken).ConfigureAwait(false)) ?? throw TimedOut(timeout);

    /// <summary>Takes a permit if there is one at once, as Python's <c>acquire(block=False)</c>, or within the timeout.</summary>
    /// <returns>The hold, or null when there was none.</returns>
    public SemaphoreHold? TryAcquire(TimeSpan timeout = default) => Hold(_proxy.Call(ObjectOperation.SemaphoreAcquire, timeout, 0, [], default));

    /// <inheritdoc cref="TryAcquire"/>
    public async Task<SemaphoreHold?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        Hold(await _proxy.CallAsync(ObjectOperation.SemaphoreAcquire, timeout, 0, [], cancellationToken).ConfigureAwait(false));

    /// <summary>Uses a permit up, waiting for it, as <see cref="SemaphoreSlim.Wait()"/> and Python's <c>acquire()</c>. Blocks the thread.</summary>
    /// <param name="timeout">How long to wait at most; null is for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether there was one within the timeout.</returns>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _proxy.Call(ObjectOperation.SemaphoreWait, timeout, 0, [], cancellationToken).Status == ObjectStatus.Ok;

    /// <inheritdoc cref="Wait"/>
    public async Task<bool> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (await _proxy.CallAsync(ObjectOperation.SemaphoreWait, timeout, 0, [], cancellationToken).ConfigureAwait(false)).Status == ObjectStatus.Ok;

    /// <summary>Adds permits, whether any were taken or not, as Python's <c>release(n)</c>. It ends no hold: those are disposed of. Blocks for a round trip.</summary>
    /// <exception cref="SemaphoreFullException">A bounded semaphore would have more than it started with, held ones among them; Python's <c>ValueError</c>.</exception>
    public void Release(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Check(_proxy.Call(ObjectOperation.SemaphoreRelease, null, count, [], default));
    }

    /// <inheritdoc cref="Release"/>
    public async Task ReleaseAsync(int count = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Check(await _proxy.CallAsync(ObjectOperation.SemaphoreRelease, null, count, [], cancellationToken).ConfigureAwait(false));
    }

    void ICarried<ManagedSemaphore>.Write(ref ValueWriter writer) => _proxy.Write(ref writer);

    static ManagedSemaphore ICarried<ManagedSemaphore>.Read(ref ValueReader reader) => new(ObjectProxy.Read(ref reader));

    private SemaphoreHold? Hold(ObjectReply reply) => reply.Status == ObjectStatus.Ok ? new SemaphoreHold(_proxy, reply.Number) : null;

    private static void Check(ObjectReply reply)
    {
        if (reply.Status == ObjectStatus.OutOfBounds)
            throw new SemaphoreFullException("The semaphore cannot have more permits: as many as it started with when it is bounded, int.MaxValue otherwise.");
    }

    private static TimeoutException TimedOut(TimeSpan? timeout) => new($"The semaphore had no permit for {timeout}.");
}
