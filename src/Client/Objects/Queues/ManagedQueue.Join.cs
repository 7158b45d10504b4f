using Actors.Objects.Queues;

namespace Actors;

public sealed partial class ManagedQueue<T>
{
    /// <summary>Says that items which this process took have been dealt with, as Python's <c>task_done()</c>. Blocks for a round trip.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="InvalidOperationException">More than there were; Python's <c>ValueError</c>.</exception>
    public void TaskDone(int count = 1) => QueueJoining.TaskDone(_proxy, count);

    /// <inheritdoc cref="TaskDone"/>
    public Task TaskDoneAsync(int count = 1, CancellationToken cancellationToken = default) => QueueJoining.TaskDoneAsync(_proxy, count, cancellationToken);

    /// <summary>
    /// Waits until every item that was put in has been dealt with, as Python's <c>join()</c>. What a process took and has not said to be done counts as
    /// done when it dies, where Python's waits for ever. Blocks the thread.
    /// </summary>
    /// <returns>Whether it was so within the timeout.</returns>
    public bool Join(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => QueueJoining.Join(_proxy, timeout, cancellationToken);

    /// <inheritdoc cref="Join"/>
    public Task<bool> JoinAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        QueueJoining.JoinAsync(_proxy, timeout, cancellationToken);
}
