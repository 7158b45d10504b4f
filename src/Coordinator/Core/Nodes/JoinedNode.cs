using Actors.Messages.Delivery;
using Actors.Messages.Nodes;
using Akka.Actor;

namespace Actors.Coordinator.Nodes;

/// <summary>A worker node that has joined: its actor, its last heartbeat, and the grants that it has not acknowledged.</summary>
public sealed class JoinedNode(IActorRef actor, string name, NodeTraits traits, TimeSpan now)
{
    private readonly UnacknowledgedMessages<(NodeProtocol.ProvideExecutors Message, IActorRef Pool)> _provided = new();
    private long _lastAtHeartbeat;

    /// <summary>The actor that joined for the node.</summary>
    public IActorRef Actor => actor;

    /// <summary>The node's name, which is its own for each program.</summary>
    public string Name => name;

    /// <summary>The node's labels and resources.</summary>
    public NodeTraits Traits => traits;

    /// <summary>Whether the node is another program, rather than the client's own.</summary>
    public bool IsRemote { get; } = !actor.Path.Address.HasLocalScope;

    /// <summary>The time of the node's last heartbeat, or of its joining.</summary>
    public TimeSpan LastHeartbeat { get; set; } = now;

    /// <summary>Tells the node how many executors to run for a pool.</summary>
    public void SendProvide(NodeProtocol.ProvideExecutors provide, IActorRef pool)
    {
        if (IsRemote)
            _provided.Add((provide = provide with { Number = _provided.Last + 1 }, pool));
        actor.Tell(provide, pool);
    }

    /// <summary>Sends again the grants that the node should have received by its previous heartbeat.</summary>
    public void AcknowledgeProvided(long number)
    {
        _provided.Acknowledge(number);
        foreach (var (message, pool) in _provided.All.TakeWhile(provided => provided.Message.Number <= _lastAtHeartbeat))
            actor.Tell(message, pool);
        _lastAtHeartbeat = _provided.Last;
    }
}
