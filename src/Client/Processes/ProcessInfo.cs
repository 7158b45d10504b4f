using System.Diagnostics;

namespace Actors;

/// <summary>
/// Describes a process: the result of <see cref="WorkerProcess.Current"/> and <see cref="WorkerProcess.Parent"/>, as Python's
/// <c>current_process()</c> and <c>parent_process()</c>. Immutable.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="ProcessId">The process id.</param>
public sealed record ProcessInfo(string Name, int ProcessId)
{
    /// <summary>
    /// Gets whether a process with this id runs on this machine, as Python's <c>is_alive()</c>. Meaningless for a process of another
    /// machine.
    /// </summary>
    public bool IsAlive
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(ProcessId);
                return !process.HasExited;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }
}
