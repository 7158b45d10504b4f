using System.Collections.Immutable;
using Actors.Messages.Objects;
using Actors.Runtime;

namespace Actors.Objects;

/// <summary>Waits for and notifies a condition, in the name of the holder of its lock. Thread-safe.</summary>
/// <param name="access">The lock.</param>
/// <param name="number">The number of the condition among those of the lock.</param>
internal sealed class ConditionWaiter(LockAccess access, long number)
{
    /// <returns>True when notified; false when the timeout has passed.</returns>
    public bool Wait(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        TimeoutRule.RequireValid(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        var ownership = LeaveLock();
        try
        {
            return ReacquireLock(
                ownership, access.Proxy.Call(
                    ObjectOperation.ConditionWait, timeout, ownership.Token, EncodeArguments(0), cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The caller still owns its holds, so the lock must be acquired again, as after every wait.
            ownership.OnAcquired(access.Proxy.Call(ObjectOperation.Acquire, null, 0, [], default));
            throw;
        }
    }

    /// <inheritdoc cref="Wait"/>
    public async Task<bool> WaitAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        TimeoutRule.RequireValid(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        var ownership = LeaveLock();
        try
        {
            return ReacquireLock(ownership, await access.Proxy.CallAsync(
                ObjectOperation.ConditionWait, timeout, ownership.Token, EncodeArguments(0), cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            ownership.OnAcquired(await access.Proxy.CallAsync(ObjectOperation.Acquire, null, 0, [], default).ConfigureAwait(false));
            throw;
        }
    }

    public void Notify(long count) => RequireHeld(
        access.Proxy.Call(ObjectOperation.ConditionNotify, null, access.RequireHeld().Token, EncodeArguments(count), default));

    public async Task NotifyAsync(long count, CancellationToken cancellationToken) => RequireHeld(await access.Proxy.CallAsync(
        ObjectOperation.ConditionNotify, null, access.RequireHeld().Token, EncodeArguments(count),
        cancellationToken).ConfigureAwait(false));

    // With two concurrent waits of the same owner, the second no longer holds the lock.
    private LockOwnership LeaveLock() =>
        access.RequireHeld() is var ownership && ownership.TryEnd() ? ownership : throw LockAccess.NotHeld();

    private static bool ReacquireLock(LockOwnership ownership, ObjectReply reply)
    {
        RequireHeld(reply);
        ownership.OnAcquired(reply);
        return reply.Payloads.IsEmpty;
    }

    private static void RequireHeld(ObjectReply reply)
    {
        if (reply.Status == ObjectStatus.NotHeld)
        {
            throw new LockNotHeldException(
                "The lock was released because this process was considered dead; protected data may have changed. Acquire the lock again.");
        }
    }

    private ImmutableArray<ReadOnlyMemory<byte>> EncodeArguments(long count) => [new ConditionArguments(number, count).ToPayload()];
}
