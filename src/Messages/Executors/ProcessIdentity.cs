namespace Actors.Messages.Executors;

/// <summary>The identity of a worker process.</summary>
/// <param name="Name">The name of the worker; empty in a pool.</param>
/// <param name="ParentId">The id of the process that started it.</param>
/// <param name="ParentName">The name of that process.</param>
public sealed record ProcessIdentity(string Name, int ParentId, string ParentName)
{
    /// <summary>The identity of this process; null if it is not a worker.</summary>
    public static ProcessIdentity? Current { get; set; }

    /// <summary>The name of this process.</summary>
    public static string OwnName => Current switch
    {
        null => "MainProcess",
        { Name: "" } => $"PoolWorker-{Environment.ProcessId}",
        { Name: var name } => name,
    };
}
