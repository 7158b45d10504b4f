using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Messages.Payloads;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Who may send what. The pool hears its client, and the executors of nodes that were asked to provide for it. Those nodes and other clients know its path.
/// </summary>
internal partial class PoolActor
{
    private readonly Dictionary<NodeId, Address> _nodesAt = [];

    /// <inheritdoc/>
    protected override bool IsAllowed(IWireMessage message) => message switch
    {
        NodeProtocol.IExecutorReport report => IsExecutor(report.Executor),
        NodeProtocol.ExecutorStarting starting => IsOfNode(starting.Node) && IsExecutor(starting.Executor),
        NodeProtocol.ExecutorReady ready => IsOfNode(ready.Node) && IsExecutor(ready.Executor),
        NodeProtocol.ExecutorRetiring retiring => IsExecutor(retiring.Executor),
        NodeProtocol.ExecutorOutput output => IsExecutor(output.Executor),
        NodeProtocol.JobProgressReport progress => IsExecutor(progress.Executor),
        NodeProtocol.ExecutorExited exited => IsExecutor(exited.Executor),
        PayloadProtocol.OfferPayload offer => offer.From == default ? Sender.IsInProcessOf(Client) : IsBesideExecutor(offer.From),
        PayloadProtocol.PayloadChunk or PayloadProtocol.CompletePayload or PayloadProtocol.FetchPayloadChunk or PayloadProtocol.ReleasePayload =>
            Sender.IsInProcessOf(Client) || Sender.IsLocal() || _nodesAt.Values.Any(Sender.IsAt),
        _ => Sender.Equals(Client),
    };

    /// <summary>Within one process nobody else can be the sender.</summary>
    private bool IsOfNode(NodeId node) => Sender.IsLocal() || (_nodesAt.TryGetValue(node, out var at) && Sender.IsAt(at));

    /// <summary>What is said of an executor that the pool does not have, or has given up, changes nothing.</summary>
    private bool IsExecutor(ExecutorId executor) => !_executors.TryGetValue(executor, out var link) || link.Actor.Equals(Sender);

    private bool IsBesideExecutor(ExecutorId executor) => !_executors.TryGetValue(executor, out var link) || Sender.IsInProcessOf(link.Actor);
}
