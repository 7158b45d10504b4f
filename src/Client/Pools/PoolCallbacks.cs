namespace Actors.Pools;

/// <summary>
/// Calls what callers want to be told by: one after the other, in the order in which the jobs ended, and never on the thread that takes
/// results in. One that throws or takes long harms only those behind it in time, and no result. Thread-safe.
/// </summary>
internal sealed class PoolCallbacks
{
    /// <summary>How long a callback must wait for something, in which it does not return, to count as blocked.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The same for one whose thread is not that of the wait: what it waits for may be something else.</summary>
    private static readonly TimeSpan PatienceWithOtherThreads = TimeSpan.FromSeconds(2);

    [ThreadStatic]
    private static RunningCallback? _running;

    /// <summary>The callback that started the thread or task that runs now.</summary>
    private static readonly AsyncLocal<RunningCallback?> Started = new();

    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Handlers of changes of the pool's executors; called like every other callback.</summary>
    public event Action<WorkerInfo>? WorkerChanged;

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
                (_, callback) => Call((Action)callback!), callback, CancellationToken.None,
                TaskContinuationOptions.DenyChildAttach, TaskScheduler.Default);
        }
    }

    /// <summary>Calls the handlers of <see cref="WorkerChanged"/>.</summary>
    public void OnExecutorChanged(WorkerInfo executor)
    {
        if (WorkerChanged is { } handlers)
            Add(() => handlers(executor));
    }

    /// <summary>The callback of this pool that runs on this thread, or that has started what does; null for none.</summary>
    public RunningCallback? Running => _running?.Owner == this ? _running : Started.Value?.Owner == this ? Started.Value : null;

    /// <summary>Ends when all callbacks that have been added so far have been called.</summary>
    /// <param name="caller">The callback that asked; it may await this, but not block on it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">The caller blocks its thread, so that neither it nor this would ever end.</exception>
    public async Task IdleAsync(RunningCallback? caller, CancellationToken cancellationToken)
    {
        var idle = Idle;
        var longest = caller is { IsOfThisThread: true } ? LookInterval : PatienceWithOtherThreads;
        for (var blocked = TimeSpan.Zero; caller is { IsRunning: true } && !idle.IsCompleted;)
        {
            await Task.WhenAny(idle, Task.Delay(LookInterval, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            blocked = caller.IsBlocked ? blocked + LookInterval : TimeSpan.Zero;
            if (blocked > longest)
            {
                throw new InvalidOperationException(
                    "A callback of the pool blocks on the pool's join, which waits for all callbacks. Join outside of callbacks, or await the join.");
            }
        }

        await idle.WaitAsync(cancellationToken).ConfigureAwait(false);
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
        if (!ended.IsFaulted)
            AddFor(callback, ended.Result);
        else if (errorCallback is not null)
            AddFor(errorCallback, ended.Exception.InnerExceptions[0]);
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

    private void Call(Action callback)
    {
        var outer = _running;
        var running = _running = Started.Value = new RunningCallback(this);
#pragma warning disable CA1031 // A caller's code: whatever it throws is told and harms nobody else.
        try
        {
            callback();
        }
        catch (Exception exception)
        {
            StandardError.WriteLine($"ProcessPool: a callback threw, and the pool goes on. {exception}");
        }
        finally
        {
            running.IsRunning = false;
            _running = outer;
        }
#pragma warning restore CA1031
    }
}
