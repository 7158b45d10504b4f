using System.Collections.Concurrent;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Objects;

/// <summary>
/// A lock that this process holds. All holds of it share one: they differ in nothing, and a wait on a condition gives all of them a new
/// token. Thread-safe.
/// </summary>
internal sealed class LockOwnership(ObjectProxy proxy, LockOwner? owner)
{
    private static readonly ConcurrentDictionary<ObjectId, LockOwnership> Held = new();

    private readonly Lock _lock = new();
    private int _count;

    /// <summary>The token of the latest time that the lock was taken.</summary>
    public long Token { get; private set; }

    /// <summary>What was said of the holder before at that time.</summary>
    public bool WasAbandoned { get; private set; }

    /// <summary>What holds this lock in this process, if the code that asks may speak for it.</summary>
    public static LockOwnership? Current(ObjectId id) =>
        Held.TryGetValue(id, out var held) && held.IsCurrent ? held : null;

    private bool IsCurrent => owner is null || owner.IsCurrent;

    /// <summary>The lock was taken, or taken again after a wait.</summary>
    public void Taken(ObjectReply reply)
    {
        Token = reply.Number;
        WasAbandoned = reply.Status == ObjectStatus.OkAbandoned;
        Held[proxy.Id] = this;
    }

    /// <summary>One hold more.</summary>
    /// <returns>Null when the last was just released.</returns>
    public LockHold? Hold(bool isFirst = false)
    {
        lock (_lock)
        {
            if (_count == 0 && !isFirst)
                return null;
            _count++;
            return new LockHold(this);
        }
    }

    /// <summary>The lock is about to be given back, for good or for a wait.</summary>
    /// <returns>Whether it was held until now.</returns>
    public bool Leave() => Held.TryRemove(KeyValuePair.Create(proxy.Id, this));

    /// <exception cref="LockNotHeldException">Another thread took the lock.</exception>
    public void RequireMayRelease()
    {
        if (owner is { IsThread: true, IsCurrent: false })
            throw new LockNotHeldException("The lock was taken by another thread, which has to release it itself. Use AcquireAsync where threads change.");
    }

    /// <summary>One hold less; the last gives the lock back.</summary>
    public void Release()
    {
        if (IsLast())
            Check(proxy.GiveBack(ObjectOperation.Release, Token, []));
    }

    /// <inheritdoc cref="Release"/>
    public async ValueTask ReleaseAsync()
    {
        if (IsLast())
            Check(await proxy.GiveBackAsync(ObjectOperation.Release, Token, []).ConfigureAwait(false));
    }

    private bool IsLast()
    {
        lock (_lock)
        {
            if (--_count > 0)
                return false;
        }

        owner?.End();
        Leave();
        return true;
    }

    private static void Check(ObjectReply? reply)
    {
        if (reply?.Status == ObjectStatus.NotHeld)
            throw new LockNotHeldException("The lock is not held any more: its holder was taken for dead. What it protected may have changed.");
    }
}
