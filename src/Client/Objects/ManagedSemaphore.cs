using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A fair semaphore shared by any number of processes, as Python's <c>Manager().Semaphore(value)</c> and <c>BoundedSemaphore(value)</c>. To
/// share a resource, <see cref="Acquire"/> a permit and dispose it; the permits of a dead process are returned, unlike in Python. To
/// signal, <see cref="Release"/> adds permits, and <see cref="Wait"/> consumes one permanently. A worker that receives it as an argument
/// gets a working proxy. Thread-safe.
/// </summary>
/// <remarks>
/// Every call can throw <see cref="ManagedObjectGoneException"/> (the manager of the object was disposed) or
/// <see cref="CoordinatorLostException"/> (the coordinator that owns the object was lost).
/// </remarks>
public sealed class ManagedSemaphore : ICarried<ManagedSemaphore>
{
    private readonly ObjectProxy _proxy;

    internal ManagedSemaphore(ObjectProxy proxy) => _proxy = proxy;

    /// <summary>
    /// Gets the number of free permits, at some moment during the call, as Python's <c>get_value()</c>. Blocks for a round trip.
    /// </summary>
    public int CurrentCount => (int)_proxy.Call<SemaphoreCount, CountReply>().Count;

    /// <summary>Acquires a permit; blocks the thread until one is free. Dispose the returned hold to return it.</summary>
    /// <param name="timeout">The longest time to wait; null waits without limit.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">No permit was free within the timeout.</exception>
    public SemaphoreHold Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        ToHold(_proxy.Call<SemaphoreAcquire, PermitReply>(default, timeout, cancellationToken)) ?? throw TimedOut(timeout);

    /// <inheritdoc cref="Acquire"/>
    public async Task<SemaphoreHold> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        await TryAcquireWithinAsync(timeout, cancellationToken).ConfigureAwait(false) ?? throw TimedOut(timeout);

    /// <summary>Tries to acquire a permit, at once or within the timeout, as Python's <c>acquire(block=False)</c>.</summary>
    /// <returns>The hold; null when no permit was free within the timeout.</returns>
    public SemaphoreHold? TryAcquire(TimeSpan timeout = default) =>
        ToHold(_proxy.Call<SemaphoreAcquire, PermitReply>(default, timeout));

    /// <inheritdoc cref="TryAcquire"/>
    public async Task<SemaphoreHold?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        await TryAcquireWithinAsync(timeout, cancellationToken).ConfigureAwait(false);

    /// <summary>Consumes a permit, as <see cref="SemaphoreSlim.Wait()"/> and Python's <c>acquire()</c>. Blocks the thread.</summary>
    /// <param name="timeout">The longest time to wait; null waits without limit.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>True when a permit was free within the timeout.</returns>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _proxy.Call<SemaphoreWait, PermitReply>(default, timeout, cancellationToken).Status == ObjectStatus.Ok;

    /// <inheritdoc cref="Wait"/>
    public async Task<bool> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (await _proxy.CallAsync<SemaphoreWait, PermitReply>(
            default, timeout, cancellationToken).ConfigureAwait(false)).Status == ObjectStatus.Ok;

    /// <summary>Adds permits, as Python's <c>release(n)</c>. It ends no hold: dispose those. Blocks for a round trip.</summary>
    /// <exception cref="SemaphoreFullException">
    /// A bounded semaphore would exceed its initial count, held permits included; Python's <c>ValueError</c>.
    /// </exception>
    public void Release(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        RequireInBounds(_proxy.Call(new SemaphoreRelease(count)));
    }

    /// <inheritdoc cref="Release"/>
    public async Task ReleaseAsync(int count = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        RequireInBounds(await _proxy.CallAsync(new SemaphoreRelease(count), null, cancellationToken).ConfigureAwait(false));
    }

    void ICarried<ManagedSemaphore>.WriteTo(ref ValueWriter writer) => _proxy.WriteTo(ref writer);

    static ManagedSemaphore ICarried<ManagedSemaphore>.ReadFrom(ref ValueReader reader) => new(ObjectProxy.ReadFrom(ref reader));

    private async Task<SemaphoreHold?> TryAcquireWithinAsync(TimeSpan? timeout, CancellationToken cancellationToken) =>
        ToHold(await _proxy.CallAsync<SemaphoreAcquire, PermitReply>(default, timeout, cancellationToken).ConfigureAwait(false));

    private SemaphoreHold? ToHold(PermitReply reply) => reply.Status == ObjectStatus.Ok ? new SemaphoreHold(_proxy, reply.Permit) : null;

    private static void RequireInBounds(ObjectStatus status)
    {
        if (status == ObjectStatus.OutOfBounds)
        {
            throw new SemaphoreFullException(
                "The semaphore cannot have more permits: the limit is its initial count when bounded, otherwise int.MaxValue. Release only "
                + "acquired permits.");
        }
    }

    private static TimeoutException TimedOut(TimeSpan? timeout) =>
        new($"The semaphore had no free permit within {timeout}. Wait longer, or release permits.");
}
