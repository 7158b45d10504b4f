using Actors.Messages;
using Actors.Messages.Payloads;
using Akka.Actor;

namespace Actors.Remoting.Payloads;

/// <summary>Brings a payload to the store of a pool's coordinator, a part at a time.</summary>
internal static class PayloadSender
{
    /// <param name="pool">The pool.</param>
    /// <param name="from">The executor whose result it is; none for a client.</param>
    /// <param name="payload">Is read from its beginning; has a length and a position.</param>
    /// <param name="cancellationToken">Gives up; what has arrived is removed.</param>
    /// <returns>What a job or an outcome carries instead.</returns>
    /// <exception cref="PayloadStoreException">The coordinator does not take it.</exception>
    public static async Task<StoredPayload> SendPayloadAsync(ICanTell pool, ExecutorId from, Stream payload, CancellationToken cancellationToken)
    {
        var id = PayloadId.New();
        try
        {
            await PayloadAsk.AskAsync<PayloadProtocol.PayloadChunkReceived>(pool, new PayloadProtocol.OfferPayload(id, payload.Length, from), cancellationToken).ConfigureAwait(false);
            var hash = await new PayloadParts(pool, id, payload).SendAllAsync(cancellationToken).ConfigureAwait(false);
            await PayloadAsk.AskAsync<PayloadProtocol.PayloadStored>(pool, new PayloadProtocol.CompletePayload(id, hash), cancellationToken).ConfigureAwait(false);
            return new StoredPayload(id, payload.Length, hash);
        }
        catch
        {
            // The pool accepts it from this process only: an actor that every system has stands for the process.
            pool.Tell(new PayloadProtocol.ReleasePayload(id), ((IInternalActorRef)pool).Provider.Guardian);
            throw;
        }
    }
}
