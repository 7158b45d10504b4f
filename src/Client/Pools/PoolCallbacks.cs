using Actors.Logging;
using Actors.Messages;
using Actors.Messages.Values;

namespace Actors.Pools;

/// <summary>
/// Runs the callbacks of a pool one at a time, in the order in which jobs ended, on a thread that receives no results. A slow or throwing
/// callback delays only later callbacks. Thread-safe.
/// </summary>
/// <param name="clock">The clock for the timers of the pool's maps.</param>
internal sealed class PoolCallbacks(TimeProvider clock)
{
    /// <summary>The time after which a waiting callback counts as blocked.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The same for a callback on another thread than the wait: it may wait for something else.</summary>
    private static readonly TimeSpan PatienceWithOtherThreads = TimeSpan.FromSeconds(2);

    [ThreadStatic]
    private static RunningCallback? _running;

    /// <summary>The callback that started the current thread or task.</summary>
    private static readonly AsyncLocal<RunningCallback?> Started = new();

    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Raised when a worker of the pool starts or ends; handlers run as callbacks.</summary>
    public event Action<WorkerInfo>? WorkerChanged;

    /// <summary>The clock for the timers of the pool's maps.</summary>
    public TimeProvider Clock => clock;

    /// <summary>Completes when all callbacks added so far have run.</summary>
    public Task Idle
    {
        get
        {
            lock (_lock)
                return _last;
        }
    }

    /// <summary>Adds a callback behind the earlier ones.</summary>
    public void AddCallback(Action callback)
    {
        lock (_lock)
        {
            _last = _last.ContinueWith(
                (_, callback) => RunCallback((Action)callback!), callback, CancellationToken.None,
                TaskContinuationOptions.DenyChildAttach, SimulatedThread.Scheduler);
        }
    }

    /// <summary>Adds reports of a job's progress that are being passed on: later callbacks, and a join, wait for them.</summary>
    public void AwaitReports(Task reports)
    {
        lock (_lock)
            _last = Task.WhenAll(_last, reports);
    }

    /// <summary>Adds a callback for the handlers of <see cref="WorkerChanged"/>.</summary>
    public void OnWorkerChanged(WorkerInfo executor)
    {
        if (WorkerChanged is { } handlers)
            AddCallback(() => handlers(executor));
    }

    /// <summary>The callback of this pool that runs on this thread or started it; null for none.</summary>
    public RunningCallback? Running => _running?.Owner == this ? _running : Started.Value?.Owner == this ? Started.Value : null;

    /// <summary>Waits until all callbacks added so far have run.</summary>
    /// <param name="caller">The calling callback, which may await this method but must not block on it.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="InvalidOperationException">
    /// The caller blocks its thread, so that neither it nor this method would ever end.
    /// </exception>
    public async Task WaitUntilIdleAsync(RunningCallback? caller, CancellationToken cancellationToken)
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
                    "A callback of the pool blocks on Join, which waits for all callbacks. Call Join outside of callbacks, or await "
                    + "JoinAsync.");
            }
        }

        await idle.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Returns the action for the end of a job with a result of type <typeparamref name="T"/>; null when the options have no callback.
    /// </summary>
    /// <exception cref="ArgumentException">The callback has another parameter type.</exception>
    public Action<Task<T>>? GetEndAction<T>(JobOptions? options) => options?.Callback switch
    {
        null => WhenEnded<T>(null, options?.ErrorCallback),
        Action<T> callback => WhenEnded(callback, options.ErrorCallback),
        var other => throw CreateMismatch(other, $"returns {typeof(T)}", nameof(options)),
    };

    /// <summary>Returns the action for the end of a job without a result; null when the options have no callback.</summary>
    /// <exception cref="ArgumentException">The callback has a parameter.</exception>
    public Action<Task<Nothing>>? GetEndActionWithoutResult(JobOptions? options) => options?.Callback switch
    {
        null => WhenEnded<Nothing>(null, options?.ErrorCallback),
        Action callback => WhenEnded<Nothing>(_ => callback(), options.ErrorCallback),
        var other => throw CreateMismatch(other, "returns no result", nameof(options)),
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
            AddCallback(() => callback(value));
    }

    private static ArgumentException CreateMismatch(Delegate callback, string gives, string parameter)
    {
        var takes = callback is Action ? "no result" : callback.GetType().GenericTypeArguments[0].ToString();
        return new ArgumentException(
            $"The callback takes {takes}, but the function {gives}. Change the parameter of the callback.", parameter);
    }

    private void RunCallback(Action callback)
    {
        var outer = _running;
        var running = _running = Started.Value = new RunningCallback(this);
#pragma warning disable CA1031 // User code: any exception is reported and ignored.
        try
        {
            callback();
        }
        catch (Exception exception)
        {
            ClientLog.Write(new ClientMessage(
                ClientEvent.CallbackFailed, "ProcessPool: a callback threw; the pool continues.", exception));
        }
        finally
        {
            running.IsRunning = false;
            _running = outer;
        }
#pragma warning restore CA1031
    }
}
