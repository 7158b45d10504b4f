using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Testing;

/// <summary>A pool that lives as long as its client.</summary>
internal sealed class OpenedPool(
    SimulatedCluster cluster, SimulatedCoordinator coordinator, PoolConnection client, PoolProtocol.OpenPool open)
    : SimulatedPool(cluster, coordinator, open.Pool, open.Spec, client.Session.Runs), IClientPool
{
    private TimeSpan _heardAt = cluster.Now;

    /// <inheritdoc/>
    public void ReceiveFromClient(PoolConnection from, IWireMessage message)
    {
        _heardAt = Cluster.Now;
        if (message is PoolProtocol.OpenPool)
            SendToClient(new PoolProtocol.PoolOpened(Id, default, IsClosed: false));
        else
            ReceiveRequest(message);
    }

    /// <inheritdoc/>
    public void AnswerHeartbeat(PoolConnection from)
    {
        _heardAt = Cluster.Now;
        if (!IsClientLost)
            Cluster.SendToClient(Coordinator, client.OnHeartbeat);
    }

    /// <inheritdoc cref="IClientPool.CheckClients"/>
    public override void CheckClients(TimeSpan lease)
    {
        if (!HasLeft && Cluster.Now - _heardAt > lease)
            LoseClient();
    }

    /// <summary>A client that is considered dead learns from the silence that it must open the pool again.</summary>
    protected override void SendToClient(object message)
    {
        if (!IsClientLost)
            Cluster.SendToClient(Coordinator, () => client.Receive(this, (IWireMessage)message));
    }
}
