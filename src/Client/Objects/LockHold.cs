using Actors.Objects;

namespace Actors;

/// <summary>
/// A hold of a <see cref="ManagedLock"/> or <see cref="ManagedReentrantLock"/>: disposing it releases the lock. Thread-safe.
/// </summary>
public sealed class LockHold : IDisposable, IAsyncDisposable
{
    private readonly LockOwnership _ownership;
    private int _isReleased;

    internal LockHold(LockOwnership ownership) => _ownership = ownership;

    /// <summary>
    /// Gets a number that is greater than that of every earlier hold. Pass it to the protected resource, which can then reject earlier
    /// holders. The holds of a reentrant lock share one; a wait on a condition ends with a new one.
    /// </summary>
    public long FencingToken => _ownership.Token;

    /// <summary>
    /// Gets whether the previous holder died without releasing the lock, so that protected data may be inconsistent; like .NET's abandoned
    /// mutex. A wait on a condition acquires the lock again and updates this.
    /// </summary>
    public bool WasAbandoned => _ownership.WasAbandoned;

    /// <summary>
    /// Releases the lock; a reentrant lock is released with its last hold. Does nothing when called again, or when the lock or its
    /// coordinator was lost.
    /// </summary>
    /// <exception cref="LockNotHeldException">
    /// The coordinator has given the lock to another process, or another thread holds the reentrant lock.
    /// </exception>
    public void Dispose()
    {
        _ownership.RequireMayRelease();
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            _ownership.ReleaseHold();
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        _ownership.RequireMayRelease();
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            await _ownership.ReleaseHoldAsync().ConfigureAwait(false);
    }
}
