namespace Actors.Pools;

/// <summary>A callback of a pool while it runs. Thread-safe.</summary>
/// <param name="owner">The callbacks of the pool.</param>
internal sealed class RunningCallback(PoolCallbacks owner)
{
    private readonly Thread _thread = Thread.CurrentThread;
    private volatile bool _isRunning = true;

    public PoolCallbacks Owner => owner;

    /// <summary>Whether the callback is running.</summary>
    public bool IsRunning
    {
        get => _isRunning;
        set => _isRunning = value;
    }

    /// <summary>Whether the callback runs on the current thread.</summary>
    public bool IsOfThisThread => _thread == Thread.CurrentThread;

    /// <summary>Whether the callback is running and its thread is waiting.</summary>
    public bool IsBlocked => _isRunning && (_thread.ThreadState & ThreadState.WaitSleepJoin) != 0;
}
