using Actors.Remoting.Transport;

namespace Actors.Remoting.Access;

/// <summary>What those who come to a coordinator must have. Immutable.</summary>
/// <param name="Clients">Programs with pools, and other coordinators; null for nothing.</param>
/// <param name="Nodes">Worker nodes, where they have another key; null where they have the clients'.</param>
internal sealed record LinkKeys(AccessKey? Clients, AccessKey? Nodes = null)
{
    /// <summary>
    /// The key that proves two programs to each other; null for none. Coordinators prove themselves to each other with both keys, so that neither a client's
    /// nor a node's key is enough.
    /// </summary>
    public AccessKey? GetKeyFor(LinkRole one, LinkRole other)
    {
        if (one == LinkRole.Coordinator && other == LinkRole.Coordinator)
            return Clients is not null && Nodes is not null ? AccessKey.CombineKeys(Clients, Nodes) : Clients;
        return one == LinkRole.Node || other == LinkRole.Node ? Nodes ?? Clients : Clients;
    }
}
