using Actors.Objects;

namespace Actors;

/// <summary>
/// A held <see cref="ManagedLock"/>, or one of the holds of a <see cref="ManagedReentrantLock"/>: disposing it releases the lock.
/// Thread-safe.
/// </summary>
public sealed class LockHold : IDisposable, IAsyncDisposable
{
    private readonly LockOwnership _ownership;
    private int _isReleased;

    internal LockHold(LockOwnership ownership) => _ownership = ownership;

    /// <summary>
    /// Greater than that of every hold before: hand it to what the lock protects, which can then refuse who held the lock earlier. The holds
    /// of a reentrant lock share one; a wait on a condition ends with a new one.
    /// </summary>
    public long FencingToken => _ownership.Token;

    /// <summary>
    /// The holder before died without releasing the lock: what it protects may be half changed. As .NET's abandoned mutex. A wait on a
    /// condition takes the lock again, and says so anew.
    /// </summary>
    public bool WasAbandoned => _ownership.WasAbandoned;

    /// <summary>
    /// Releases the lock; of a reentrant lock, the last hold does. Does nothing the second time, or when the lock or its coordinator is gone.
    /// </summary>
    /// <exception cref="LockNotHeldException">
    /// The coordinator gave the lock to another in the meantime; or another thread took the reentrant lock, and still holds it.
    /// </exception>
    public void Dispose()
    {
        _ownership.RequireMayRelease();
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            _ownership.Release();
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        _ownership.RequireMayRelease();
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            await _ownership.ReleaseAsync().ConfigureAwait(false);
    }
}
