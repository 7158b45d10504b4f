using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A held permit of a <see cref="ManagedSemaphore"/>: disposing it, or the death of this process, returns the permit. Thread-safe.
/// </summary>
public sealed class SemaphoreHold : IDisposable, IAsyncDisposable
{
    private readonly ObjectProxy _proxy;
    private readonly long _permit;
    private int _isReturned;

    internal SemaphoreHold(ObjectProxy proxy, long permit)
    {
        _proxy = proxy;
        _permit = permit;
    }

    /// <summary>Returns the permit. Does nothing when called again, or when the semaphore or its coordinator was lost.</summary>
    /// <exception cref="LockNotHeldException">The permit was returned because this process was considered dead.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) == 0)
            RequireHeld(_proxy.ReturnHold(new SemaphoreReturn(_permit)));
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) == 0)
            RequireHeld(await _proxy.ReturnHoldAsync(new SemaphoreReturn(_permit)).ConfigureAwait(false));
    }

    private static void RequireHeld(ObjectStatus? status)
    {
        if (status == ObjectStatus.NotHeld)
        {
            throw new LockNotHeldException(
                "The permit of the semaphore was returned because this process was considered dead. Acquire a new one.");
        }
    }
}
