using System.Collections.Immutable;
using Actors.Coordinator.Payloads;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Remoting;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Forwards messages about large arguments and results to <see cref="PayloadsActor"/>, and tells it which payloads are no longer needed.
/// </summary>
public partial class PoolActor
{
    private readonly IActorRef _payloads;
    private readonly HashSet<PayloadId> _undownloaded = [];
    private long? _droppedAtFinish;

    private PayloadOwner Owner => new(Id, HostPort.FromAddress(Client.Path.Address));

    private void ReceivePayloads()
    {
        Receive<PayloadProtocol.OfferPayload>(ForwardOffer);
        Receive<PayloadProtocol.CompletePayload>(complete => ForwardPayload(complete, complete.Payload));
        Receive<PayloadProtocol.FetchPayload>(fetch => ForwardPayload(fetch, fetch.Payload));
        Receive<PayloadProtocol.ReleasePayload>(ReleasePayload);
        Receive<PayloadProtocol.DropShared>(DropShared);
    }

    /// <summary>
    /// Forwards an announced upload. An upload of a removed executor is refused, because nothing would remove its payload later.
    /// </summary>
    private void ForwardOffer(PayloadProtocol.OfferPayload offer)
    {
        if (offer.From == default || _executors.ContainsKey(offer.From))
            ForwardPayload(offer, offer.Payload);
        else
            Sender.Tell(new PayloadProtocol.PayloadRefused(offer.Payload, "The worker that uploads this payload was removed."));
    }

    private void ForwardPayload(IWireMessage message, PayloadId payload)
    {
        if (_payloads.IsNobody())
            Sender.Tell(new PayloadProtocol.PayloadRefused(payload, "The coordinator of this pool has no store for large payloads."));
        else
            _payloads.Forward(new PayloadsActor.PayloadRequest(Owner, Self, message));
    }

    private void ReleasePayload(PayloadProtocol.ReleasePayload release)
    {
        if (!Sender.IsInProcessOf(Client) || !_undownloaded.Remove(release.Payload))
        {
            _payloads.Forward(new PayloadsActor.PayloadRequest(Owner, Self, release));
            return;
        }

        // The client has downloaded a payload that a node named as a result.
        RemoveResult(release.Payload);
        FinishIfDownloaded();
    }

    /// <summary>Removes a shared value here, and from the nodes and workers that have it.</summary>
    private void DropShared(PayloadProtocol.DropShared drop)
    {
        RemovePayload(drop.Payload);
        foreach (var executor in _executors.Values)
            executor.Actor.Tell(drop);
    }

    private void RemovePayload(PayloadId payload) =>
        _payloads.Tell(new PayloadsActor.PayloadRequest(Owner, Self, new PayloadProtocol.ReleasePayload(payload)));

    private void RemoveResult(PayloadId payload) => _payloads.Tell(new PayloadsActor.RemoveResultPayload(Id, payload));

    private void RemovePayloadsOf(ExecutorId executor) => _payloads.Tell(new PayloadsActor.RemoveExecutorPayloads(Id, executor));

    /// <summary>Retains large results until the client has downloaded them.</summary>
    private void RetainPayloads(ImmutableArray<JobOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            if (outcome.Stored is not { } stored)
                continue;
            _payloads.Tell(new PayloadsActor.RetainPayload(Id, stored.Id));
            _undownloaded.Add(stored.Id);
        }
    }

    /// <summary>Ends the pool after the client has downloaded the last large result. The end of the pool removes its payloads.</summary>
    private void FinishWhenDownloaded(long dropped)
    {
        _droppedAtFinish = dropped;
        FinishIfDownloaded();
    }

    private void FinishIfDownloaded()
    {
        if (_undownloaded.Count == 0 && _droppedAtFinish is { } dropped)
            FinishPool(dropped);
    }

    /// <summary>Removes the pool's payloads when the client disconnects. The pool itself may wait long for its executors.</summary>
    private void DropPayloads()
    {
        _payloads.Tell(new PayloadsActor.RemovePoolPayloads(Id));
        _undownloaded.Clear();
        FinishIfDownloaded();
    }
}
