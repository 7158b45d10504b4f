namespace Actors.Pools;

/// <summary>A callback of a pool while it runs. Thread-safe.</summary>
/// <param name="owner">The callbacks that it is one of.</param>
internal sealed class RunningCallback(PoolCallbacks owner)
{
    private readonly Thread _thread = Thread.CurrentThread;
    private volatile bool _isRunning = true;

    public PoolCallbacks Owner => owner;

    /// <summary>Whether it has not returned.</summary>
    public bool IsRunning
    {
        get => _isRunning;
        set => _isRunning = value;
    }

    /// <summary>Whether it runs on the current thread.</summary>
    public bool IsOfThisThread => _thread == Thread.CurrentThread;

    /// <summary>Whether it has not returned and its thread waits for something.</summary>
    public bool IsBlocked => _isRunning && (_thread.ThreadState & ThreadState.WaitSleepJoin) != 0;
}
