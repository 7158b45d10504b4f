using Actors.Messages.Objects;

namespace Actors.Objects.Queues;

/// <summary>The implementation of <c>task_done</c> and <c>join</c> for all queues.</summary>
internal static class QueueJoining
{
    public static void TaskDone(ObjectProxy proxy, int count) =>
        RequireInBounds(proxy.Call(ObjectOperation.TaskDone, null, RequirePositive(count), [], default), count);

    public static async Task TaskDoneAsync(ObjectProxy proxy, int count, CancellationToken cancellationToken) => RequireInBounds(
        await proxy.CallAsync(ObjectOperation.TaskDone, null, RequirePositive(count), [], cancellationToken).ConfigureAwait(false), count);

    public static bool JoinQueue(ObjectProxy proxy, TimeSpan? timeout, CancellationToken cancellationToken) =>
        proxy.Call(ObjectOperation.JoinItems, timeout, 0, [], cancellationToken).Status == ObjectStatus.Ok;

    public static async Task<bool> JoinQueueAsync(ObjectProxy proxy, TimeSpan? timeout, CancellationToken cancellationToken) =>
        (await proxy.CallAsync(
            ObjectOperation.JoinItems, timeout, 0, [], cancellationToken).ConfigureAwait(false)).Status == ObjectStatus.Ok;

    private static int RequirePositive(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return count;
    }

    private static void RequireInBounds(ObjectReply reply, int count)
    {
        if (reply.Status == ObjectStatus.OutOfBounds)
        {
            throw new InvalidOperationException(
                $"TaskDone({count}) exceeds the items of the managed queue that are not done. Call it once for each item taken.");
        }
    }
}
