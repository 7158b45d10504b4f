using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.Messages.Payloads;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Checks the sender of each message: the client, or an executor of a node that provides executors for this pool. Other clients and nodes
/// may know the path of this actor.
/// </summary>
public partial class PoolActor
{
    private readonly Dictionary<NodeId, Address> _nodeAddresses = [];

    /// <inheritdoc/>
    protected override bool IsAllowed(IWireMessage message) => message switch
    {
        NodeProtocol.IExecutorReport report => IsFromExecutor(report.Executor),
        NodeProtocol.ExecutorStarting starting => IsFromNode(starting.Node) && IsFromExecutor(starting.Executor),
        NodeProtocol.ExecutorReady ready => IsFromNode(ready.Node) && IsFromExecutor(ready.Executor),
        NodeProtocol.ExecutorRetiring retiring => IsFromExecutor(retiring.Executor),
        NodeProtocol.ExecutorOutput output => IsFromExecutor(output.Executor),
        NodeProtocol.JobProgressReport progress => IsFromExecutor(progress.Executor),
        NodeProtocol.ExecutorExited exited => IsFromExecutor(exited.Executor),
        PayloadProtocol.OfferPayload offer => offer.From == default ? Sender.IsInProcessOf(Client) : IsBesideExecutor(offer.From),
        PayloadProtocol.CompletePayload or PayloadProtocol.FetchPayload or PayloadProtocol.ReleasePayload =>
            Sender.IsInProcessOf(Client) || Sender.IsLocal() || _nodeAddresses.Values.Any(Sender.IsAt),
        _ => Sender.Equals(Client),
    };

    /// <summary>Within one process the sender needs no check.</summary>
    private bool IsFromNode(NodeId node) => Sender.IsLocal() || (_nodeAddresses.TryGetValue(node, out var at) && Sender.IsAt(at));

    /// <summary>Messages about an unknown or removed executor are allowed, because they change nothing.</summary>
    private bool IsFromExecutor(ExecutorId executor) => !_executors.TryGetValue(executor, out var link) || link.Actor.Equals(Sender);

    private bool IsBesideExecutor(ExecutorId executor) =>
        !_executors.TryGetValue(executor, out var link) || Sender.IsInProcessOf(link.Actor);
}
