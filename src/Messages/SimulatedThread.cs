namespace Actors.Messages;

/// <summary>
/// A thread on which a simulation runs code, one thread at a time. Code that blocks there must tell the simulation, which runs other code
/// meanwhile. Outside of simulations there is none, and the members block the thread.
/// </summary>
public abstract class SimulatedThread
{
    [ThreadStatic]
    private static SimulatedThread? _current;

    /// <summary>The simulation that runs the calling code; null for none.</summary>
    public static SimulatedThread? Current => _current;

    /// <summary>
    /// The options of task sources. In a simulation a continuation runs at once, because another thread would not be known to it.
    /// </summary>
    public static TaskCreationOptions Continuations =>
        _current is { KnowsAllThreads: true } ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously;

    /// <summary>The scheduler of library code that runs later.</summary>
    public static TaskScheduler Scheduler => _current?.TaskScheduler ?? TaskScheduler.Default;

    /// <summary>Whether the simulation must know each thread that runs its code.</summary>
    protected virtual bool KnowsAllThreads => true;

    /// <summary>The scheduler of this simulation.</summary>
    protected abstract TaskScheduler TaskScheduler { get; }

    /// <summary>Blocks until one of the tasks has ended.</summary>
    /// <returns>The index of the task; -1 when none ended in time.</returns>
    public static int WaitAny(Task[] tasks, TimeSpan timeout)
    {
        _current?.WaitFor(Task.WhenAny(tasks), timeout, CancellationToken.None);
        return Task.WaitAny(tasks, timeout);
    }

    /// <summary>Blocks until a task has ended.</summary>
    /// <returns>False when it did not end in time.</returns>
    public static bool Wait(Task task, TimeSpan timeout, CancellationToken cancellationToken) => _current is { } simulation
        ? simulation.WaitFor(task, timeout, cancellationToken)
        : Task.WhenAny(task).Wait(timeout, cancellationToken);

    /// <summary>Runs user code later, in a step of its own.</summary>
    public abstract void PostCode(Action step);

    /// <summary>Marks the calling thread as one of a simulation.</summary>
    protected static void UseForThread(SimulatedThread? simulation) => _current = simulation;

    /// <summary>Runs other code until the task has ended, or the time has passed on the clock of the simulation.</summary>
    /// <returns>False when it did not end in time.</returns>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    protected abstract bool WaitFor(Task task, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Blocks until a task has ended, unless the thread is not simulated.</summary>
    public static void WaitFor(Task task)
    {
        if (!task.IsCompleted)
            _current?.WaitFor(task, Timeout.InfiniteTimeSpan, CancellationToken.None);
    }
}

/// <summary>Blocking waits for tasks, also in simulations.</summary>
public static class BlockingWaits
{
    /// <summary>Blocks until the task has ended, and throws its exception.</summary>
    public static void WaitForResult(this Task task)
    {
        SimulatedThread.WaitFor(task);
        task.GetAwaiter().GetResult();
    }

    /// <summary>Blocks until the task has ended, and returns its result or throws its exception.</summary>
    public static T WaitForResult<T>(this Task<T> task)
    {
        SimulatedThread.WaitFor(task);
        return task.GetAwaiter().GetResult();
    }
}
