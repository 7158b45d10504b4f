namespace Actors.Testing;

/// <summary>
/// Code that belongs to one simulated process, such as a run of a job. After the death of the process nothing of it continues.
/// </summary>
internal sealed class SimulatedRun
{
    [ThreadStatic]
    private static SimulatedRun? _current;

    /// <summary>The run that the calling thread executes; null for code of the test.</summary>
    public static SimulatedRun? Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>Whether the process has ended.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Called each time the run waits.</summary>
    public Action? Waiting { get; init; }

    /// <summary>Ends the run.</summary>
    public void End() => IsDead = true;

    /// <summary>Throws when the process has ended.</summary>
    public static void RequireAlive()
    {
        if (_current is { IsDead: true })
            throw new SimulatedProcessEndedException();
    }
}

/// <summary>Unwinds the thread of a simulated process that has ended. User code sees it only at the end of the simulation.</summary>
internal sealed class SimulatedProcessEndedException() : Exception("The simulated process has ended.");
