using Actors.Messages.Objects;

namespace Actors.Objects.Queues;

/// <summary>What all queues have of <c>task_done</c> and <c>join</c>.</summary>
internal static class QueueJoining
{
    public static void TaskDone(ObjectProxy proxy, int count) => Check(proxy.Call(ObjectOperation.TaskDone, null, Positive(count), [], default), count);

    public static async Task TaskDoneAsync(ObjectProxy proxy, int count, CancellationToken cancellationToken) => Check(
        await proxy.CallAsync(ObjectOperation.TaskDone, null, Positive(count), [], cancellationToken).ConfigureAwait(false), count);

    public static bool Join(ObjectProxy proxy, TimeSpan? timeout, CancellationToken cancellationToken) =>
        proxy.Call(ObjectOperation.JoinItems, timeout, 0, [], cancellationToken).Status == ObjectStatus.Ok;

    public static async Task<bool> JoinAsync(ObjectProxy proxy, TimeSpan? timeout, CancellationToken cancellationToken) =>
        (await proxy.CallAsync(ObjectOperation.JoinItems, timeout, 0, [], cancellationToken).ConfigureAwait(false)).Status == ObjectStatus.Ok;

    private static int Positive(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return count;
    }

    private static void Check(ObjectReply reply, int count)
    {
        if (reply.Status == ObjectStatus.OutOfBounds)
            throw new InvalidOperationException($"TaskDone({count}) was called for more items than were put in and not yet dealt with.");
    }
}
