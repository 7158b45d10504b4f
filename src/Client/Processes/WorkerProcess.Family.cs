using Actors.Messages.Executors;

namespace Actors;

public sealed partial class WorkerProcess
{
    /// <summary>The processes that this one has started with <see cref="WorkerProcess"/> and that run now, as Python's <c>active_children()</c>.</summary>
    public static IReadOnlyList<WorkerProcess> Children => WorkerProcesses.All;

    /// <summary>This process, as Python's <c>current_process()</c>. Its name is <c>MainProcess</c> unless it is a worker.</summary>
    public static ProcessInfo Current => new(ProcessIdentity.OwnName, Environment.ProcessId);

    /// <summary>
    /// The process that started this one, as Python's <c>parent_process()</c>; null when this is no worker. On a cluster that is the worker node.
    /// </summary>
    public static ProcessInfo? Parent => ProcessIdentity.Current is { } identity ? new ProcessInfo(identity.ParentName, identity.ParentId) : null;
}
