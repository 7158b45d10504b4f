using System.Collections.Immutable;

namespace Actors.Messages;

/// <summary>
/// The contracts on the wire, as their <see cref="WireContractAttribute"/> describes them. The list is generated when this assembly is
/// compiled.
/// </summary>
public static partial class WireContracts
{
    /// <summary>All contracts.</summary>
    public static ImmutableArray<WireContract> All { get; }
}

/// <summary>A contract on the wire.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Senders">The roles whose programs send it.</param>
public sealed record WireContract(string Name, Type Type, PermittedSenders Senders);
