using Actors.Messages.Objects.Kinds;
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
                ownership, access.Proxy.Call<ConditionWait, LockReply>(new(ownership.Token, number), timeout, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The caller still owns its holds, so the lock must be acquired again, as after every wait.
            ownership.OnAcquired(access.Proxy.Call<LockAcquire, LockReply>(default, null, CancellationToken.None));
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
            return ReacquireLock(ownership, await access.Proxy.CallAsync<ConditionWait, LockReply>(
                new(ownership.Token, number), timeout, cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            ownership.OnAcquired(await access.Proxy.CallAsync<LockAcquire, LockReply>(
                default, null, CancellationToken.None).ConfigureAwait(false));
            throw;
        }
    }

    public void Notify(long count) => LockOwnership.RequireHeld(access.Proxy.Call(CreateNotify(count)));

    public async Task NotifyAsync(long count, CancellationToken cancellationToken) =>
        LockOwnership.RequireHeld(await access.Proxy.CallAsync(CreateNotify(count), null, cancellationToken).ConfigureAwait(false));

    private ConditionNotify CreateNotify(long count) => new(access.RequireHeld().Token, number, count);

    // With two concurrent waits of the same owner, the second no longer holds the lock.
    private LockOwnership LeaveLock() =>
        access.RequireHeld() is var ownership && ownership.TryEnd() ? ownership : throw LockAccess.NotHeld();

    private static bool ReacquireLock(LockOwnership ownership, LockReply reply)
    {
        LockOwnership.RequireHeld(reply.Status);
        ownership.OnAcquired(reply);
        return !reply.IsUnnotified;
    }
}
