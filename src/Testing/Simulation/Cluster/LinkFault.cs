namespace Actors.Testing;

/// <summary>A fault of connections.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Node">The node whose connection is concerned; null for every connection.</param>
/// <param name="Since">The begin.</param>
/// <param name="HadEffect">Called for each message that the fault changes.</param>
internal sealed record LinkFault(Fault Fault, SimulatedEndpoint? Node, TimeSpan Since, Action HadEffect)
{
    /// <summary>Whether the fault concerns a message now.</summary>
    public bool Concerns(NetworkLinks link, SimulatedEndpoint from, SimulatedEndpoint to, TimeSpan now)
    {
        if (!Fault.Links.HasFlag(link) || now >= Since + Fault.Length)
            return false;
        if (Node is not null && Node != from && Node != to)
            return false;
        return Fault.Period <= TimeSpan.Zero || ((now - Since).Ticks / Fault.Period.Ticks % 2) == 0;
    }
}

/// <summary>The combined effect of the faults of a connection on one message.</summary>
/// <param name="IsLost">Whether the message is lost.</param>
/// <param name="IsDoubled">Whether it arrives twice.</param>
/// <param name="IsReordered">Whether others may overtake it.</param>
/// <param name="Delay">Its additional time.</param>
internal readonly record struct MessageFaults(bool IsLost, bool IsDoubled, bool IsReordered, TimeSpan Delay);
