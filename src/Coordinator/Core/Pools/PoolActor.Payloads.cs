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
    private readonly HashSet<PayloadId> _untaken = [];
    private long? _finished;

    private PayloadOwner Owner => new(_id, HostPort.FromAddress(Client.Path.Address));

    private void ReceivePayloads()
    {
        Receive<PayloadProtocol.OfferPayload>(Offer);
        Receive<PayloadProtocol.PayloadChunk>(chunk => Pass(chunk, chunk.Payload));
        Receive<PayloadProtocol.CompletePayload>(complete => Pass(complete, complete.Payload));
        Receive<PayloadProtocol.FetchPayloadChunk>(fetch => Pass(fetch, fetch.Payload));
        Receive<PayloadProtocol.ReleasePayload>(Release);
    }

    /// <summary>What an executor brings that was given up would never be removed.</summary>
    private void Offer(PayloadProtocol.OfferPayload offer)
    {
        if (offer.From == default || _executors.ContainsKey(offer.From))
            Pass(offer, offer.Payload);
        else
            Sender.Tell(new PayloadProtocol.PayloadRefused(offer.Payload, "The executor that brings this payload was given up."));
    }

    private void Pass(IWireMessage message, PayloadId payload)
    {
        if (_payloads.IsNobody())
            Sender.Tell(new PayloadProtocol.PayloadRefused(payload, "This pool's coordinator keeps no large payloads."));
        else
            _payloads.Forward(new PayloadsActor.Of(Owner, Self, message));
    }

    private void Release(PayloadProtocol.ReleasePayload release)
    {
        Remove(release.Payload);
        if (_untaken.Remove(release.Payload))
            FinishIfTaken();
    }

    private void Remove(PayloadId payload) => _payloads.Tell(new PayloadsActor.Of(Owner, Self, new PayloadProtocol.ReleasePayload(payload)));

    private void RemovePayloadsOf(ExecutorId executor) => _payloads.Tell(new PayloadsActor.ExecutorGone(_id, executor));

    /// <summary>Large results that the client is told of are there until it has fetched them.</summary>
    private void KeepPayloads(ImmutableArray<JobOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            if (outcome.Stored is not { } stored)
                continue;
            _payloads.Tell(new PayloadsActor.Keep(_id, stored.Id));
            _untaken.Add(stored.Id);
        }
    }

    /// <summary>What is stored goes with the pool: so it stays until the client has fetched the last result.</summary>
    private void FinishWhenTaken(long dropped)
    {
        _finished = dropped;
        FinishIfTaken();
    }

    private void FinishIfTaken()
    {
        if (_untaken.Count == 0 && _finished is { } dropped)
            Finish(dropped);
    }

    /// <summary>The client is gone. The pool may wait for its executors for long; its payloads go now.</summary>
    private void LeaveUntaken()
    {
        _payloads.Tell(new PayloadsActor.ClientGone(_id));
        _untaken.Clear();
        FinishIfTaken();
    }
}
