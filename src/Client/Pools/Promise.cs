using Actors.Messages;

namespace Actors.Pools;

/// <summary>
/// A single result, exposed as a task that is created on first use. Most jobs that are submitted and awaited in turn have ended by then,
/// and a task for each would cost two more objects. Thread-safe. Use it as a field; do not copy it.
/// </summary>
/// <typeparam name="T">The result type.</typeparam>
internal struct Promise<T>
{
    private static readonly object Ended = new();

    /// <summary>
    /// Null before the end or the first use of the task. Then: <see cref="Ended"/> (a result, no task), a completed task, or the source of
    /// a pending task.
    /// </summary>
    private object? _state;
    private T _result;

    /// <summary>The task. Its continuations run on another thread than the one that completes it.</summary>
    public Task<T> Task
    {
        get
        {
            while (true)
            {
                switch (Volatile.Read(ref _state))
                {
                    case Task<T> task: return task;
                    case TaskCompletionSource<T> source: return source.Task;
                    case null:
                        Interlocked.CompareExchange(
                            ref _state, new TaskCompletionSource<T>(SimulatedThread.Continuations), null);
                        break;
                    default:
                        Interlocked.CompareExchange(ref _state, System.Threading.Tasks.Task.FromResult(_result), Ended);
                        break;
                }
            }
        }
    }

    /// <summary>Whether a result or an exception is set. Creates no task.</summary>
    public bool HasEnded => Volatile.Read(ref _state) switch
    {
        null => false,
        TaskCompletionSource<T> source => source.Task.IsCompleted,
        _ => true,
    };

    /// <summary>Sets the result that <see cref="Succeed()"/> publishes. Call both from one thread at a time.</summary>
    public void Prepare(T result) => _result = result;

    /// <summary>Sets the result, unless an exception is set. Call it from one thread at a time.</summary>
    public void Succeed(T result)
    {
        if (HasEnded)
            return;
        Prepare(result);
        Succeed();
    }

    /// <summary>Publishes the prepared result, unless an exception is set.</summary>
    public void Succeed()
    {
        if (Interlocked.CompareExchange(ref _state, Ended, null) is TaskCompletionSource<T> source)
            source.TrySetResult(_result);
    }

    /// <summary>Sets the exception, unless a result is set. An unobserved exception is not reported.</summary>
    public void Fail(Exception exception)
    {
        var failed = System.Threading.Tasks.Task.FromException<T>(exception);
        _ = failed.Exception;
        if (Interlocked.CompareExchange(ref _state, failed, null) is not TaskCompletionSource<T> source)
            return;
        source.TrySetException(exception);
        _ = source.Task.Exception;
    }
}
