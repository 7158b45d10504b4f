namespace Actors.Multiprocessing.Tests.Linearizability;

/// <summary>
/// One call of a client on a shared object. The result is null for a client that was killed during the call, which may take effect at
/// any time after its begin or never.
/// </summary>
/// <param name="Client">The number of the client.</param>
/// <param name="Name">The name of the operation.</param>
/// <param name="Argument">The argument; empty for none.</param>
/// <param name="Result">The result, or null.</param>
/// <param name="Invoked">The time of the call, on the monotonic clock of the machine.</param>
/// <param name="Returned">The time of the return; <see cref="long.MaxValue"/> for none.</param>
internal sealed record Operation(int Client, string Name, string Argument, string? Result, long Invoked, long Returned)
{
    /// <summary>The name of the operation that stands for the death of a client.</summary>
    public const string Death = "dies";

    public bool IsPending => Result is null;

    /// <summary>Creates the death of a client. The object detects it at any time afterward.</summary>
    public static Operation DeathOf(int client, long since) => new(client, Death, "", null, since, long.MaxValue);

    public override string ToString() => $"client {Client}: {Name} {Argument} -> {Result ?? "?"} [{Invoked}, {Returned}]";
}
