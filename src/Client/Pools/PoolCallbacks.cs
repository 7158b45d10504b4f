namespace Actors.Pools;

/// <summary>
/// Calls what callers want to be told by: one after the other, in the order in which the jobs ended, and never on the thread that takes
/// results in. One that throws or takes long harms only those behind it in time, and no result. Thread-safe.
/// </summary>
internal sealed class PoolCallbacks
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Ends when all that have been added so far have been called.</summary>
    public Task Idle
    {
        get
        {
            lock (_lock)
                return _last;
        }
    }

    /// <summary>Calls it after those before.</summary>
    public void Add(Action callback)
    {
        lock (_lock)
        {
            _last = _last.ContinueWith(
                static (_, callback) => Call((Action)callback!), callback, CancellationToken.None,
                TaskContinuationOptions.DenyChildAttach, TaskScheduler.Default);
        }
    }

    /// <summary>What to do with a result of type <typeparamref name="T"/>; null when the options want nothing.</summary>
    /// <exception cref="ArgumentException">The callback takes another type.</exception>
    public Action<Task<T>>? For<T>(JobOptions? options) => options?.Callback switch
    {
        null => WhenEnded<T>(null, options?.ErrorCallback),
        Action<T> callback => WhenEnded(callback, options.ErrorCallback),
        var other => throw Mismatch(other, $"gives {typeof(T)}", nameof(options)),
    };

    /// <summary>The same for a function without a result.</summary>
    /// <exception cref="ArgumentException">The callback takes a result.</exception>
    public Action<Task<bool>>? ForNoResult(JobOptions? options) => options?.Callback switch
    {
        null => WhenEnded<bool>(null, options?.ErrorCallback),
        Action callback => WhenEnded<bool>(_ => callback(), options.ErrorCallback),
        var other => throw Mismatch(other, "gives no result", nameof(options)),
    };

    private Action<Task<T>>? WhenEnded<T>(Action<T>? callback, Action<Exception>? errorCallback) =>
        callback is null && errorCallback is null ? null : AddEither(callback, errorCallback);

    private Action<Task<T>> AddEither<T>(Action<T>? callback, Action<Exception>? errorCallback) => ended =>
    {
        if (ended.Exception is { } failed)
            AddFor(errorCallback, failed.InnerExceptions[0]);
        else
            AddFor(callback, ended.Result);
    };

    private void AddFor<T>(Action<T>? callback, T value)
    {
        if (callback is not null)
            Add(() => callback(value));
    }

    private static ArgumentException Mismatch(Delegate callback, string gives, string parameter)
    {
        var takes = callback is Action ? "no result" : callback.GetType().GenericTypeArguments[0].ToString();
        return new ArgumentException($"The callback takes {takes}, but the call {gives}.", parameter);
    }

    private static void Call(Action callback)
    {
#pragma warning disable CA1031 // A caller's code: whatever it throws is told and harms nobody else.
        try
        {
            callback();
        }
        catch (Exception exception)
        {
            StandardError.WriteLine($"ProcessPool: a callback threw, and the pool goes on. {exception}");
        }
#pragma warning restore CA1031
    }
}
