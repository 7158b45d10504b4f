using Actors.Coordinator.Nodes;
using Actors.Coordinator.Peers;
using Actors.Messages.Chaos;
using Actors.Remoting;
using Actors.Remoting.Chaos;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Chaos;

/// <summary>
/// Injects faults into this coordinator, and forwards those for nodes. It refuses all of them unless the program permits chaos. The
/// transport delivers requests from operators only.
/// </summary>
public sealed class ChaosActor : HandlerActor
{
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(5);

    private readonly IActorRef _nodes;
    private readonly IActorRef? _peers;
    private readonly ProgramFaults _faults;
    private readonly Dictionary<long, (IActorRef Operator, Address Node, long Number)> _forwarded = [];
    private long _lastNumber;

    /// <param name="nodes">The actor of the nodes.</param>
    /// <param name="peers">The actor that knows the other coordinators; null for none.</param>
    /// <param name="hasStore">Whether the coordinator writes to a store.</param>
    public ChaosActor(IActorRef nodes, IActorRef? peers, bool hasStore)
    {
        (_nodes, _peers) = (nodes, peers);
        var address = HostPort.FromAddress(((ExtendedActorSystem)Context.System).Provider.DefaultAddress);
        _faults = new ProgramFaults(
            ChaosSetup.FindSetup(Context.System), Context.System.Scheduler.Advanced, $"coordinator {address}", hasStore);
        Receive<ChaosProtocol.ListTargets>(_ => ListTargetsAsync(_nodes, _peers, hasStore).PipeTo(Sender, Self));
        Receive<ChaosProtocol.InjectFault>(InjectFault);
        Receive<NodeFound>(ForwardToNode);
        Receive<ChaosProtocol.FaultInjected>(reply => ReturnReply(reply, number => reply with { Number = number }));
        Receive<ChaosProtocol.FaultRefused>(reply => ReturnReply(reply, number => reply with { Number = number }));
    }

    private static async Task<ChaosProtocol.ListTargetsReply> ListTargetsAsync(IActorRef nodes, IActorRef? peers, bool hasStore)
    {
        var known = await nodes.Ask<NodesProtocol.NodeActors>(NodesProtocol.GetNodeActors.Instance, QueryTimeout).ConfigureAwait(false);
        var others = peers is null
            ? new PeersProtocol.PeersReply([], IsComplete: true)
            : await peers.Ask<PeersProtocol.PeersReply>(PeersProtocol.GetPeers.Instance, QueryTimeout).ConfigureAwait(false);
        return new ChaosProtocol.ListTargetsReply(
            [.. others.Known.Select(peer => HostPort.FromAddress(peer.Coordinator.Path.Address).ToString())],
            [.. known.ByName.Select(node => new ChaosNode(node.Key, HostPort.FromAddress(node.Value.Path.Address).ToString()))],
            others.IsComplete, hasStore);
    }

    private void InjectFault(ChaosProtocol.InjectFault inject)
    {
        // A fault for a node must be permitted here too: a coordinator without the option forwards none.
        var refusal = inject.Node.Length == 0 ? _faults.FindRefusal(inject.Fault) : _faults.FindRefusal(new ChaosFault(default, 0, 0));
        if (refusal is not null)
            Sender.Tell(new ChaosProtocol.FaultRefused(inject.Number, refusal));
        else if (inject.Node.Length > 0)
            FindNodeAsync(_nodes, inject, Sender).PipeTo(Self);
        else if (inject.Fault.Kind is ChaosFaultKind.KillWorker or ChaosFaultKind.PauseWorker)
            Sender.Tell(new ChaosProtocol.FaultRefused(inject.Number, "A coordinator has no workers. Name a node."));
        else
            Sender.Tell(new ChaosProtocol.FaultInjected(inject.Number, _faults.InjectFault(inject.Fault)));
    }

    private static async Task<NodeFound> FindNodeAsync(IActorRef nodes, ChaosProtocol.InjectFault inject, IActorRef sender)
    {
        var known = await nodes.Ask<NodesProtocol.NodeActors>(NodesProtocol.GetNodeActors.Instance, QueryTimeout).ConfigureAwait(false);
        return new NodeFound(inject, sender, known.ByName.GetValueOrDefault(inject.Node));
    }

    private void ForwardToNode(NodeFound found)
    {
        if (found.Node is not { } node)
        {
            found.Sender.Tell(
                new ChaosProtocol.FaultRefused(found.Inject.Number, $"No node is named {found.Inject.Node} at this coordinator."), Self);
            return;
        }

        _forwarded[++_lastNumber] = (found.Sender, node.Path.Address, found.Inject.Number);
        node.Tell(found.Inject with { Number = _lastNumber });
    }

    /// <summary>Returns the reply of a node to its operator. A reply from another process is dropped.</summary>
    private void ReturnReply<T>(T reply, Func<long, T> withNumber)
        where T : ChaosProtocol.IFaultReply
    {
        if (!_forwarded.TryGetValue(reply.Number, out var request) || !Sender.Path.Address.Equals(request.Node))
            return;
        _forwarded.Remove(reply.Number);
        request.Operator.Tell(withNumber(request.Number));
    }

    private sealed record NodeFound(ChaosProtocol.InjectFault Inject, IActorRef Sender, IActorRef? Node);
}
