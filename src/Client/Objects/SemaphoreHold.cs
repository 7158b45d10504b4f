using Actors.Messages.Objects;
using Actors.Objects;

namespace Actors;

/// <summary>
/// A held permit of a <see cref="ManagedSemaphore"/>: disposing it, or the death of this process, returns the permit. Thread-safe.
/// </summary>
public sealed class SemaphoreHold : IDisposable, IAsyncDisposable
{
    private readonly ObjectProxy _proxy;
    private readonly long _number;
    private int _isReturned;

    internal SemaphoreHold(ObjectProxy proxy, long number)
    {
        _proxy = proxy;
        _number = number;
    }

    /// <summary>Returns the permit. Does nothing when called again, or when the semaphore or its coordinator was lost.</summary>
    /// <exception cref="LockNotHeldException">The permit was returned because this process was considered dead.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) == 0)
            RequireHeld(_proxy.ReturnHold(ObjectOperation.SemaphoreReturn, _number, []));
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) == 0)
            RequireHeld(await _proxy.ReturnHoldAsync(ObjectOperation.SemaphoreReturn, _number, []).ConfigureAwait(false));
    }

    private static void RequireHeld(ObjectReply? reply)
    {
        if (reply?.Status == ObjectStatus.NotHeld)
        {
            throw new LockNotHeldException(
                "The permit of the semaphore was returned because this process was considered dead. Acquire a new one.");
        }
    }
}
