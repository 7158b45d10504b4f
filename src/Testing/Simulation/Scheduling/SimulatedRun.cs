namespace Actors.Testing;

/// <summary>
/// Code that belongs to one simulated process, such as a run of a job. After the death of the process nothing of it continues.
/// </summary>
internal sealed class SimulatedRun
{
    [ThreadStatic]
    private static SimulatedRun? _current;

    private readonly Queue<Action> _deferred = new();

    /// <summary>The run that the calling thread executes; null for code of the test.</summary>
    public static SimulatedRun? Current => _current;

    /// <summary>Whether the process has ended.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Whether the process is stopped for a time.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Called each time the run waits.</summary>
    public Action? Waiting { get; init; }

    /// <summary>Ends the run.</summary>
    public void End() => IsDead = true;

    /// <summary>Stops the run until <see cref="Resume"/>.</summary>
    public void Pause() => IsPaused = true;

    /// <summary>Continues the run.</summary>
    /// <param name="scheduler">Runs the code that waits for it.</param>
    public void Resume(SimulationScheduler scheduler)
    {
        IsPaused = false;
        while (_deferred.TryDequeue(out var code))
            scheduler.PostCode(() => RunCode(code));
    }

    /// <summary>Runs code of the process on the calling thread: after a pause, and not after its end.</summary>
    public void RunCode(Action code)
    {
        if (IsDead)
            return;
        if (IsPaused)
            _deferred.Enqueue(code);
        else
            RunAs(this, code);
    }

    /// <summary>Runs code of a process, or of the test.</summary>
    public static void RunAs(SimulatedRun? run, Action code)
    {
        var before = _current;
        _current = run;
        try
        {
            code();
        }
        finally
        {
            _current = before;
        }
    }

    /// <summary>Throws when the process has ended.</summary>
    public static void RequireAlive()
    {
        if (_current is { IsDead: true })
            throw new SimulatedProcessEndedException();
    }
}

/// <summary>Unwinds the thread of a simulated process that has ended. User code sees it only at the end of the simulation.</summary>
internal sealed class SimulatedProcessEndedException() : Exception("The simulated process has ended.");
