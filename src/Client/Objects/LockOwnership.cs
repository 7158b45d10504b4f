using System.Collections.Concurrent;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Objects;

/// <summary>
/// The ownership of a lock that this process holds, shared by all its holds, because a wait on a condition gives all of them a new token.
/// Thread-safe.
/// </summary>
internal sealed class LockOwnership(ObjectProxy proxy, LockOwner? owner)
{
    private static readonly ConcurrentDictionary<(ObjectId Id, object? Process), LockOwnership> Held = new();

    private readonly Lock _lock = new();
    private int _count;

    /// <summary>The fencing token of the latest acquisition.</summary>
    public long Token { get; private set; }

    /// <summary>Whether the previous holder died, as of the latest acquisition.</summary>
    public bool WasAbandoned { get; private set; }

    /// <summary>Returns the ownership of a lock if the calling code may use it.</summary>
    public static LockOwnership? FindCurrent(ObjectProxy proxy) =>
        Held.TryGetValue(proxy.Use, out var held) && held.IsCurrent ? held : null;

    private bool IsCurrent => owner is null || owner.IsCurrent;

    /// <summary>Records that the lock was acquired, or acquired again after a wait.</summary>
    public void OnAcquired(LockReply reply)
    {
        Token = reply.Token;
        WasAbandoned = reply.Status == ObjectStatus.OkAbandoned;
        Held[proxy.Use] = this;
    }

    /// <summary>Adds a hold.</summary>
    /// <returns>The hold; null when the last one was just released.</returns>
    public LockHold? AddHold(bool isFirst = false)
    {
        lock (_lock)
        {
            if (_count == 0 && !isFirst)
                return null;
            _count++;
            return new LockHold(this);
        }
    }

    /// <summary>Ends the ownership, before a release or a wait.</summary>
    /// <returns>True when the lock was held until now.</returns>
    public bool TryEnd() => Held.TryRemove(KeyValuePair.Create(proxy.Use, this));

    /// <exception cref="LockNotHeldException">Another thread holds the lock.</exception>
    public void RequireMayRelease()
    {
        if (owner is { IsThread: true, IsCurrent: false })
        {
            throw new LockNotHeldException(
                "The reentrant lock is held by another thread, which must release it itself. Use AcquireAsync when the thread can change.");
        }
    }

    /// <summary>Removes a hold; the last one releases the lock.</summary>
    public void ReleaseHold()
    {
        if (IsLast())
            RequireHeld(proxy.ReturnHold(new LockRelease(Token)));
    }

    /// <inheritdoc cref="ReleaseHold"/>
    public async ValueTask ReleaseHoldAsync()
    {
        if (IsLast())
            RequireHeld(await proxy.ReturnHoldAsync(new LockRelease(Token)).ConfigureAwait(false));
    }

    private bool IsLast()
    {
        lock (_lock)
        {
            if (--_count > 0)
                return false;
        }

        owner?.EndFlow();
        TryEnd();
        return true;
    }

    /// <exception cref="LockNotHeldException">The status says that the lock is no longer held.</exception>
    public static void RequireHeld(ObjectStatus? status)
    {
        if (status == ObjectStatus.NotHeld)
        {
            throw new LockNotHeldException(
                "The lock was released because this process was considered dead; protected data may have changed. Acquire the lock again.");
        }
    }
}
