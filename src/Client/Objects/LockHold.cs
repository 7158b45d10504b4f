using Actors.Messages.Objects;
using Actors.Objects;

namespace Actors;

/// <summary>A held <see cref="ManagedLock"/>: disposing it releases the lock. Thread-safe.</summary>
public sealed class LockHold : IDisposable, IAsyncDisposable
{
    private readonly ObjectProxy _proxy;
    private int _isReleased;

    internal LockHold(ObjectProxy proxy, long token, bool wasAbandoned)
    {
        _proxy = proxy;
        FencingToken = token;
        WasAbandoned = wasAbandoned;
    }

    /// <summary>Greater than that of every hold before: hand it to what the lock protects, which can then refuse who held the lock earlier.</summary>
    public long FencingToken { get; }

    /// <summary>The holder before died without releasing the lock: what it protects may be half changed. As .NET's abandoned mutex.</summary>
    public bool WasAbandoned { get; }

    /// <summary>Releases the lock. Nothing the second time.</summary>
    /// <exception cref="LockNotHeldException">The coordinator gave the lock to another in the meantime.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            Check(_proxy.Call(ObjectOperation.Release, null, FencingToken, [], default));
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            Check(await _proxy.CallAsync(ObjectOperation.Release, null, FencingToken, [], default).ConfigureAwait(false));
    }

    private static void Check(ObjectReply reply)
    {
        if (reply.Status == ObjectStatus.NotHeld)
            throw new LockNotHeldException("The lock is not held any more: its holder was taken for dead. What it protected may have changed.");
    }
}
