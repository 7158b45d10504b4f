using System.Collections.Concurrent;

namespace Actors.Testing;

/// <summary>Threads that run simulations. Those of the thread pool would be missing, because simulated code blocks them.</summary>
internal sealed class DriverThreads
{
    private const int MaxIdle = 32;
    private const int StackBytes = 1 << 20;

    private static readonly ConcurrentBag<DriverThreads> Idle = [];

    private readonly SemaphoreSlim _hasWork = new(0);
    private Action _work;

    private DriverThreads(Action work) => _work = work;

    /// <summary>Runs an action on a thread of its own.</summary>
    public static void Run(Action action)
    {
        if (Idle.TryTake(out var idle))
        {
            idle._work = action;
            idle._hasWork.Release();
            return;
        }

        var created = new DriverThreads(action);
        new Thread(created.RunAll, StackBytes) { IsBackground = true, Name = "Simulation" }.UnsafeStart();
    }

    private void RunAll()
    {
        while (true)
        {
            _work();
            if (Idle.Count >= MaxIdle)
                return;
            Idle.Add(this);
            _hasWork.Wait();
        }
    }
}
