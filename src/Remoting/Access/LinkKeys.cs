using Actors.Remoting.Transport;

namespace Actors.Remoting.Access;

/// <summary>The keys that the peers of a program prove. Immutable.</summary>
/// <param name="Clients">The key of clients; null for none.</param>
/// <param name="Nodes">The key of worker nodes, if they have their own; null if they use the key of clients.</param>
/// <param name="Operators">
/// The key of operators that inject faults. Null if they have none: then only the user of this machine is an operator, on loopback.
/// </param>
public sealed record LinkKeys(AccessKey? Clients, AccessKey? Nodes = null, AccessKey? Operators = null)
{
    /// <summary>
    /// Gets the key that two programs prove to each other; null for none. Two coordinators need both keys, so that neither the key of
    /// clients nor the key of nodes makes a program a coordinator.
    /// </summary>
    public AccessKey? GetKeyFor(LinkRole one, LinkRole other)
    {
        if (LinkRoles.IncludesOperator(one, other))
            return Operators ?? (Clients is { IsUserKey: true } ? Clients : null);
        if (one == LinkRole.Coordinator && other == LinkRole.Coordinator)
            return Clients is not null && Nodes is not null ? AccessKey.CombineKeys(Clients, Nodes) : Clients;
        return one == LinkRole.Node || other == LinkRole.Node ? Nodes ?? Clients : Clients;
    }
}
