using Actors.Messages.Executors;

namespace Actors;

public sealed partial class WorkerProcess
{
    /// <summary>
    /// Gets the running processes that this one started with <see cref="WorkerProcess"/>, as Python's <c>active_children()</c>.
    /// </summary>
    public static IReadOnlyList<WorkerProcess> Children => WorkerProcesses.All;

    /// <summary>Gets this process, as Python's <c>current_process()</c>. Its name is <c>MainProcess</c> unless it is a worker.</summary>
    public static ProcessInfo Current => new(ProcessIdentity.OwnName, Environment.ProcessId);

    /// <summary>
    /// Gets the process that started this one, as Python's <c>parent_process()</c>; null when this process is not a worker. On a cluster it
    /// is the worker node.
    /// </summary>
    public static ProcessInfo? Parent =>
        ProcessIdentity.Current is { } identity ? new ProcessInfo(identity.ParentName, identity.ParentId) : null;
}
