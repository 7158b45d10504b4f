using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Objects.Queues;

/// <summary>The implementation of <c>task_done</c> and <c>join</c> for all queues.</summary>
internal static class QueueJoining
{
    public static void TaskDone(ObjectProxy proxy, int count) =>
        RequireInBounds(proxy.Call(new QueueTaskDone(RequirePositive(count))), count);

    public static async Task TaskDoneAsync(ObjectProxy proxy, int count, CancellationToken cancellationToken) => RequireInBounds(
        await proxy.CallAsync(new QueueTaskDone(RequirePositive(count)), null, cancellationToken).ConfigureAwait(false), count);

    public static bool JoinQueue(ObjectProxy proxy, TimeSpan? timeout, CancellationToken cancellationToken) =>
        proxy.Call(new QueueJoin(), timeout, cancellationToken) == ObjectStatus.Ok;

    public static async Task<bool> JoinQueueAsync(ObjectProxy proxy, TimeSpan? timeout, CancellationToken cancellationToken) =>
        await proxy.CallAsync(new QueueJoin(), timeout, cancellationToken).ConfigureAwait(false) == ObjectStatus.Ok;

    private static int RequirePositive(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return count;
    }

    private static void RequireInBounds(ObjectStatus status, int count)
    {
        if (status == ObjectStatus.OutOfBounds)
        {
            throw new InvalidOperationException(
                $"TaskDone({count}) exceeds the items of the managed queue that are not done. Call it once for each item taken.");
        }
    }
}
