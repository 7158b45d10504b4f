using System.Collections.Immutable;
using Actors.Coordinator.Payloads;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Remoting;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>Large arguments and results: the pool passes on what is said of them, and says when nobody needs them any more.</summary>
internal partial class PoolActor
{
    private readonly IActorRef _payloads = ActorRefs.Nobody;
    private readonly HashSet<PayloadId> _undownloaded = [];
    private long? _droppedAtFinish;

    private PayloadOwner Owner => new(_id, HostPort.FromAddress(Client.Path.Address));

    private void ReceivePayloads()
    {
        Receive<PayloadProtocol.OfferPayload>(ForwardOffer);
        Receive<PayloadProtocol.PayloadChunk>(chunk => ForwardPayload(chunk, chunk.Payload));
        Receive<PayloadProtocol.CompletePayload>(complete => ForwardPayload(complete, complete.Payload));
        Receive<PayloadProtocol.FetchPayloadChunk>(fetch => ForwardPayload(fetch, fetch.Payload));
        Receive<PayloadProtocol.ReleasePayload>(ReleasePayload);
    }

    /// <summary>What an executor brings that was given up would never be removed.</summary>
    private void ForwardOffer(PayloadProtocol.OfferPayload offer)
    {
        if (offer.From == default || _executors.ContainsKey(offer.From))
            ForwardPayload(offer, offer.Payload);
        else
            Sender.Tell(new PayloadProtocol.PayloadRefused(offer.Payload, "The executor that brings this payload was given up."));
    }

    private void ForwardPayload(IWireMessage message, PayloadId payload)
    {
        if (_payloads.IsNobody())
            Sender.Tell(new PayloadProtocol.PayloadRefused(payload, "This pool's coordinator keeps no large payloads."));
        else
            _payloads.Forward(new PayloadsActor.PayloadRequest(Owner, Self, message));
    }

    private void ReleasePayload(PayloadProtocol.ReleasePayload release)
    {
        RemovePayload(release.Payload);
        if (_undownloaded.Remove(release.Payload))
            FinishIfDownloaded();
    }

    private void RemovePayload(PayloadId payload) => _payloads.Tell(new PayloadsActor.PayloadRequest(Owner, Self, new PayloadProtocol.ReleasePayload(payload)));

    private void RemovePayloadsOf(ExecutorId executor) => _payloads.Tell(new PayloadsActor.RemoveExecutorPayloads(_id, executor));

    /// <summary>Large results that the client is told of are there until it has fetched them.</summary>
    private void RetainPayloads(ImmutableArray<JobOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            if (outcome.Stored is not { } stored)
                continue;
            _payloads.Tell(new PayloadsActor.RetainPayload(_id, stored.Id));
            _undownloaded.Add(stored.Id);
        }
    }

    /// <summary>What is stored goes with the pool: so it stays until the client has fetched the last result.</summary>
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

    /// <summary>The client is gone. The pool may wait for its executors for long; its payloads go now.</summary>
    private void DropPayloads()
    {
        _payloads.Tell(new PayloadsActor.RemovePoolPayloads(_id));
        _undownloaded.Clear();
        FinishIfDownloaded();
    }
}
