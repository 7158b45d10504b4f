namespace Actors.Pools;

/// <summary>
/// How something ends, once, as a task that is made when somebody asks for it. Of many jobs that are submitted and awaited in turn most have ended by then, and until then each would
/// keep two more objects. Thread-safe; a field, not to be copied.
/// </summary>
/// <typeparam name="T">Of the result.</typeparam>
internal struct Promise<T>
{
    private static readonly object Ended = new();

    /// <summary>Null, until it is asked for or ends; then <see cref="Ended"/> with a result that nobody has asked for, a task that has ended, or the source of one that will.</summary>
    private object? _state;
    private T _result;

    /// <summary>Ends as this does; continuations run elsewhere than who ends it.</summary>
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
                    case null: Interlocked.CompareExchange(ref _state, new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), null); break;
                    default: Interlocked.CompareExchange(ref _state, System.Threading.Tasks.Task.FromResult(_result), Ended); break;
                }
            }
        }
    }

    /// <summary>Whether it has ended. Makes no task.</summary>
    public bool HasEnded => Volatile.Read(ref _state) switch
    {
        null => false,
        TaskCompletionSource<T> source => source.Task.IsCompleted,
        _ => true,
    };

    /// <summary>It ends with a result; nothing when it has ended. To be called by one thread at a time.</summary>
    public void Succeed(T result)
    {
        if (Volatile.Read(ref _state) is null)
            _result = result;
        if (Interlocked.CompareExchange(ref _state, Ended, null) is TaskCompletionSource<T> source)
            source.TrySetResult(result);
    }

    /// <summary>It ends with an exception, which nobody need look at; nothing when it has ended.</summary>
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
