using Actors.Messages.Objects.Kinds;
using Actors.Messages.Values;
using Actors.Runtime;

namespace Actors.Objects;

/// <summary>Acquires a lock, reentrant or not. Thread-safe.</summary>
/// <param name="proxy">The lock.</param>
/// <param name="isReentrant">Whether its holder may acquire it again, which sends no message.</param>
internal sealed class LockAccess(ObjectProxy proxy, bool isReentrant)
{
    public ObjectProxy Proxy => proxy;

    public bool IsLocked => proxy.Call<LockHolder, HolderReply>().Token != 0;

    /// <summary>Writes the lock as part of an object that belongs to it.</summary>
    public void WriteTo(ref ValueWriter writer)
    {
        proxy.WriteTo(ref writer);
        writer.WriteValue(isReentrant);
    }

    /// <summary>Reads a lock that was written as part of an object.</summary>
    public static LockAccess ReadFrom(ref ValueReader reader)
    {
        var proxy = ObjectProxy.ReadFrom(ref reader);
        return new LockAccess(proxy, reader.ReadValue<bool>());
    }

    public LockHold AcquireLock(TimeSpan? timeout, CancellationToken cancellationToken) =>
        TryAcquireLock(timeout, cancellationToken) ?? throw TimedOut(timeout);

    public Task<LockHold> AcquireLockAsync(TimeSpan? timeout, CancellationToken cancellationToken) =>
        RequireHoldAsync(TryAcquireLockAsync(timeout, cancellationToken), timeout);

    /// <returns>The hold; null when the lock was not released within the timeout.</returns>
    public LockHold? TryAcquireLock(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        TimeoutRule.RequireValid(timeout);
        if (TryReenter() is { } hold)
            return hold;
        var owner = isReentrant ? LockOwner.OfThread() : null;
        return ToHold(proxy.Call<LockAcquire, LockReply>(default, timeout, cancellationToken), owner);
    }

    /// <summary>
    /// Asynchronous form of <see cref="TryAcquireLock"/>. Not an async method, because it starts a flow that must belong to the caller.
    /// </summary>
    public Task<LockHold?> TryAcquireLockAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        TimeoutRule.RequireValid(timeout);
        if (TryReenter() is { } hold)
            return Task.FromResult<LockHold?>(hold);
        return AcquireLockAsync(isReentrant ? LockOwner.StartFlow() : null, timeout, cancellationToken);
    }

    /// <summary>Returns the ownership that the caller may use.</summary>
    /// <exception cref="LockNotHeldException">The caller does not hold the lock.</exception>
    public LockOwnership RequireHeld() => LockOwnership.FindCurrent(proxy) ?? throw NotHeld();

    public static LockNotHeldException NotHeld() => new("The condition was used without its lock: acquire the lock first.");

    private LockHold? TryReenter() => isReentrant ? LockOwnership.FindCurrent(proxy)?.AddHold() : null;

    private async Task<LockHold?> AcquireLockAsync(LockOwner? owner, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        LockHold? hold = null;
        try
        {
            hold = ToHold(
                await proxy.CallAsync<LockAcquire, LockReply>(default, timeout, cancellationToken).ConfigureAwait(false), owner);
            return hold;
        }
        finally
        {
            if (hold is null)
                owner?.EndFlow();
        }
    }

    private LockHold? ToHold(LockReply reply, LockOwner? owner)
    {
        if (!reply.IsAcquired)
            return null;
        var ownership = new LockOwnership(proxy, owner);
        ownership.OnAcquired(reply);
        return ownership.AddHold(isFirst: true);
    }

    private static async Task<LockHold> RequireHoldAsync(Task<LockHold?> taking, TimeSpan? timeout) =>
        await taking.ConfigureAwait(false) ?? throw TimedOut(timeout);

    private static TimeoutException TimedOut(TimeSpan? timeout) =>
        new($"The lock was not released within {timeout}. Wait longer, or check its holder.");
}
