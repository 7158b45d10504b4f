using System.Diagnostics;

namespace Actors;

/// <summary>A process, seen from itself or from its child: Python's <c>current_process()</c> and <c>parent_process()</c>.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="ProcessId">Its id.</param>
public sealed record ProcessInfo(string Name, int ProcessId)
{
    /// <summary>Whether the process runs, as Python's <c>is_alive()</c>. Of a process of the same number on another machine this says nothing.</summary>
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
