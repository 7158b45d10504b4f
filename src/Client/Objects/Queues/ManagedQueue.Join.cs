using Actors.Objects.Queues;

namespace Actors;

public sealed partial class ManagedQueue<T>
{
    /// <summary>Marks items that this process took as done, as Python's <c>task_done()</c>. Blocks for a round trip.</summary>
    /// <param name="count">The number of items.</param>
    /// <exception cref="InvalidOperationException">The number exceeds the items not yet done; Python's <c>ValueError</c>.</exception>
    public void TaskDone(int count = 1) => QueueJoining.TaskDone(_proxy, count);

    /// <inheritdoc cref="TaskDone"/>
    public Task TaskDoneAsync(int count = 1, CancellationToken cancellationToken = default) =>
        QueueJoining.TaskDoneAsync(_proxy, count, cancellationToken);

    /// <summary>
    /// Waits until every added item is done, as Python's <c>join()</c>. Items of a dead process count as done; in Python the call waits
    /// forever. Blocks the thread.
    /// </summary>
    /// <returns>True when all items were done within the timeout.</returns>
    public bool Join(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        QueueJoining.JoinQueue(_proxy, timeout, cancellationToken);

    /// <inheritdoc cref="Join"/>
    public Task<bool> JoinAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        QueueJoining.JoinQueueAsync(_proxy, timeout, cancellationToken);
}
