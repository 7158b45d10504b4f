using System.Collections.Immutable;
using Actors.Messages.Objects;
using Actors.Runtime;

namespace Actors.Objects;

/// <summary>What a condition asks of its lock, in the name of who holds it. Thread-safe.</summary>
/// <param name="access">The lock.</param>
/// <param name="number">Which of the conditions of the lock.</param>
internal sealed class ConditionWaiter(LockAccess access, long number)
{
    /// <returns>Whether it was notified.</returns>
    public bool Wait(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        TimeoutRule.Require(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        var ownership = Leave();
        try
        {
            return Taken(ownership, access.Proxy.Call(ObjectOperation.ConditionWait, timeout, ownership.Token, Arguments(0), cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The holds are still in their owner's hands: as after every wait, they have to be true.
            ownership.Taken(access.Proxy.Call(ObjectOperation.Acquire, null, 0, [], default));
            throw;
        }
    }

    /// <inheritdoc cref="Wait"/>
    public async Task<bool> WaitAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        TimeoutRule.Require(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        var ownership = Leave();
        try
        {
            return Taken(ownership, await access.Proxy.CallAsync(
                ObjectOperation.ConditionWait, timeout, ownership.Token, Arguments(0), cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            ownership.Taken(await access.Proxy.CallAsync(ObjectOperation.Acquire, null, 0, [], default).ConfigureAwait(false));
            throw;
        }
    }

    public void Notify(long count) => Check(
        access.Proxy.Call(ObjectOperation.ConditionNotify, null, access.RequireHeld().Token, Arguments(count), default));

    public async Task NotifyAsync(long count, CancellationToken cancellationToken) => Check(await access.Proxy.CallAsync(
        ObjectOperation.ConditionNotify, null, access.RequireHeld().Token, Arguments(count), cancellationToken).ConfigureAwait(false));

    // Two that wait in the name of the same owner at once: the second holds nothing any more.
    private LockOwnership Leave() => access.RequireHeld() is var ownership && ownership.Leave() ? ownership : throw LockAccess.NotHeld();

    private static bool Taken(LockOwnership ownership, ObjectReply reply)
    {
        Check(reply);
        ownership.Taken(reply);
        return reply.Payloads.IsEmpty;
    }

    private static void Check(ObjectReply reply)
    {
        if (reply.Status == ObjectStatus.NotHeld)
            throw new LockNotHeldException("The lock is not held any more: its holder was taken for dead. What it protected may have changed.");
    }

    private ImmutableArray<ReadOnlyMemory<byte>> Arguments(long count) => [new ConditionArguments(number, count).ToPayload()];
}
