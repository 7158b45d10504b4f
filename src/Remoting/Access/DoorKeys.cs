using Actors.Messages;

namespace Actors.Remoting.Access;

/// <summary>What those who come to a coordinator must have. Immutable.</summary>
/// <param name="Clients">Programs with pools, and other coordinators; null for nothing.</param>
/// <param name="Nodes">Worker nodes, where they have another key; null where they have the clients'.</param>
internal sealed record DoorKeys(AccessKey? Clients, AccessKey? Nodes = null)
{
    /// <summary>What clients have and nodes have not; null where there is no such thing.</summary>
    public AccessKey? OfClientsAlone => Nodes is null ? null : Clients;

    /// <summary>The key of a role; null for none.</summary>
    public AccessKey? Of(CoordinatorProtocol.PeerRole role) => role == CoordinatorProtocol.PeerRole.Node ? Nodes ?? Clients : Clients;
}
