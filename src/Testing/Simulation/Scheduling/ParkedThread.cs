namespace Actors.Testing;

/// <summary>A thread of a simulation that waits.</summary>
/// <param name="run">The process of the code; null for the test.</param>
/// <param name="isReady">Whether the wait has ended.</param>
internal sealed class ParkedThread(SimulatedRun? run, Func<bool> isReady)
{
    private readonly SemaphoreSlim _resumed = new(0);

    public SimulatedRun? Run => run;

    /// <summary>Whether the thread continues only to end.</summary>
    public bool HasEnded { get; private set; }

    public bool IsReady() => run is not { IsPaused: true } && isReady();

    public void WaitUntilResumed() => _resumed.Wait();

    public void Resume() => _resumed.Release();

    public void End()
    {
        HasEnded = true;
        _resumed.Release();
    }
}
