using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Runtime;

namespace Actors.Objects;

/// <summary>How a lock of either kind is taken. Thread-safe.</summary>
/// <param name="proxy">The lock.</param>
/// <param name="isReentrant">Whether who holds it may take it again, which asks nobody.</param>
internal sealed class LockAccess(ObjectProxy proxy, bool isReentrant)
{
    public ObjectProxy Proxy => proxy;

    public bool IsReentrant => isReentrant;

    public bool IsLocked => proxy.Call(ObjectOperation.Holder, null, 0, [], default).Number != 0;

    /// <summary>The lock that travels inside what belongs to it.</summary>
    public void Write(ref ValueWriter writer)
    {
        proxy.Write(ref writer);
        writer.Write(isReentrant);
    }

    /// <summary>The lock that arrives inside what belongs to it.</summary>
    public static LockAccess Read(ref ValueReader reader)
    {
        var proxy = ObjectProxy.Read(ref reader);
        return new LockAccess(proxy, reader.Read<bool>());
    }

    public LockHold Take(TimeSpan? timeout, CancellationToken cancellationToken) => TryTake(timeout, cancellationToken) ?? throw TimedOut(timeout);

    public Task<LockHold> TakeAsync(TimeSpan? timeout, CancellationToken cancellationToken) => Required(TryTakeAsync(timeout, cancellationToken), timeout);

    /// <returns>Null when the lock stayed taken.</returns>
    public LockHold? TryTake(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        TimeoutRule.Require(timeout);
        if (TakeAgain() is { } hold)
            return hold;
        var owner = isReentrant ? LockOwner.Thread() : null;
        return Taken(proxy.Call(ObjectOperation.Acquire, timeout, 0, [], cancellationToken), owner);
    }

    /// <summary>As <see cref="TryTake"/>. Not an async method: the flow that it starts is the caller's.</summary>
    public Task<LockHold?> TryTakeAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        TimeoutRule.Require(timeout);
        if (TakeAgain() is { } hold)
            return Task.FromResult<LockHold?>(hold);
        return TakeAsync(isReentrant ? LockOwner.StartFlow() : null, timeout, cancellationToken);
    }

    /// <summary>What this process holds the lock with, for who may speak for it.</summary>
    /// <exception cref="LockNotHeldException">It does not.</exception>
    public LockOwnership RequireHeld() => LockOwnership.Current(proxy.Id) ?? throw NotHeld();

    public static LockNotHeldException NotHeld() => new("A condition can be used only while its lock is held: acquire it first.");

    private LockHold? TakeAgain() => isReentrant ? LockOwnership.Current(proxy.Id)?.Hold() : null;

    private async Task<LockHold?> TakeAsync(LockOwner? owner, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        LockHold? hold = null;
        try
        {
            hold = Taken(await proxy.CallAsync(ObjectOperation.Acquire, timeout, 0, [], cancellationToken).ConfigureAwait(false), owner);
            return hold;
        }
        finally
        {
            if (hold is null)
                owner?.End();
        }
    }

    private LockHold? Taken(ObjectReply reply, LockOwner? owner)
    {
        if (reply.Status is not (ObjectStatus.Ok or ObjectStatus.OkAbandoned))
            return null;
        var ownership = new LockOwnership(proxy, owner);
        ownership.Taken(reply);
        return ownership.Hold(isFirst: true);
    }

    private static async Task<LockHold> Required(Task<LockHold?> taking, TimeSpan? timeout) =>
        await taking.ConfigureAwait(false) ?? throw TimedOut(timeout);

    private static TimeoutException TimedOut(TimeSpan? timeout) => new($"The lock stayed taken for {timeout}.");
}
