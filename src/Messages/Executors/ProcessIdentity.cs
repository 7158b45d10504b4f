namespace Actors.Messages.Executors;

/// <summary>What this process is, where it is an executor.</summary>
/// <param name="Name">What it is called; empty in a pool.</param>
/// <param name="ParentId">The process that started it.</param>
/// <param name="ParentName">What that is called.</param>
internal sealed record ProcessIdentity(string Name, int ParentId, string ParentName)
{
    /// <summary>Null in a process that is no executor.</summary>
    public static ProcessIdentity? Current { get; set; }

    /// <summary>What this process is called.</summary>
    public static string OwnName => Current switch
    {
        null => "MainProcess",
        { Name: "" } => $"PoolWorker-{Environment.ProcessId}",
        { Name: var name } => name,
    };
}
