using System.Diagnostics;

namespace Actors.Faults.Tests.Mixed;

/// <summary>Processes that need the processors all the time, as on a loaded machine. Disposing it ends them.</summary>
internal sealed class BusyProcesses : IDisposable
{
    private readonly List<Process> _processes = [];

    /// <summary>Starts the processes.</summary>
    public static BusyProcesses Start(int count)
    {
        var started = new BusyProcesses();
        for (var i = 0; i < count; i++)
            started._processes.Add(Process.Start("sh", ["-c", "while :; do :; done"]));
        return started;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
