namespace Actors.Multiprocessing.Tests.Linearizability;

/// <summary>
/// One call of a client on a shared object. What it gave is null when nobody saw it, because the client was killed: it may have had its
/// effect or not, at any time since.
/// </summary>
/// <param name="Client">Who called.</param>
/// <param name="Name">What was called.</param>
/// <param name="Argument">With what; empty when with nothing.</param>
/// <param name="Result">What it gave.</param>
/// <param name="Invoked">When it was called, on the machine's monotonic clock.</param>
/// <param name="Returned">When it returned; the greatest number when it did not.</param>
internal sealed record Operation(int Client, string Name, string Argument, string? Result, long Invoked, long Returned)
{
    /// <summary>The name of what happens to a client that is killed.</summary>
    public const string Death = "dies";

    public bool IsPending => Result is null;

    /// <summary>The end of a client, from then on at any time: nobody knows when the object hears of it.</summary>
    public static Operation DeathOf(int client, long since) => new(client, Death, "", null, since, long.MaxValue);

    public override string ToString() => $"client {Client}: {Name} {Argument} -> {Result ?? "?"} [{Invoked}, {Returned}]";
}
