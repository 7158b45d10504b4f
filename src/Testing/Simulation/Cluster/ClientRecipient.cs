using Actors.Coordinator.Pools;
using Actors.Messages;

namespace Actors.Testing;

/// <summary>A client of a pool as the receiver of messages, over the simulated network.</summary>
/// <param name="Pool">The sender.</param>
/// <param name="Client">The receiver.</param>
internal sealed record ClientRecipient(IClientPool Pool, PoolConnection Client) : IRecipient
{
    /// <summary>Messages of a simulation have no limit of size.</summary>
    public bool IsLocal => true;

    /// <inheritdoc/>
    public void Send(object message) =>
        Client.Cluster.SendToClient(Pool.Coordinator, () => Client.Receive(Pool, (IWireMessage)message));
}
