using Actors.Messages.Objects;
using Actors.Objects;

namespace Actors;

/// <summary>A held permit of a <see cref="ManagedSemaphore"/>: disposing it gives the permit back, as does the death of this process. Thread-safe.</summary>
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

    /// <summary>
    /// Gives the permit back. Does nothing the second time, or when the semaphore or its coordinator is gone.
    /// </summary>
    /// <exception cref="LockNotHeldException">This process was taken for dead: another has the permit.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) == 0)
            Check(_proxy.GiveBack(ObjectOperation.SemaphoreReturn, _number, []));
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) == 0)
            Check(await _proxy.GiveBackAsync(ObjectOperation.SemaphoreReturn, _number, []).ConfigureAwait(false));
    }

    private static void Check(ObjectReply? reply)
    {
        if (reply?.Status == ObjectStatus.NotHeld)
            throw new LockNotHeldException("The permit is not held any more: its holder was taken for dead.");
    }
}
