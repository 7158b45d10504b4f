namespace Actors.Messages.Executors;

/// <summary>What this process is, where it is an executor.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="NodeProcessId">The process that started it.</param>
internal sealed record ProcessIdentity(string Name, int NodeProcessId)
{
    /// <summary>Null in a process that is no executor.</summary>
    public static ProcessIdentity? Current { get; set; }
}
