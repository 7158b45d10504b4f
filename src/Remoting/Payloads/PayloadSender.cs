using System.Security.Cryptography;
using Actors.Messages;
using Actors.Messages.Payloads;
using Akka.Actor;

namespace Actors.Remoting.Payloads;

/// <summary>Brings a payload to the store of a pool's coordinator, a part at a time.</summary>
internal static class PayloadSender
{
    /// <param name="pool">The pool.</param>
    /// <param name="from">The executor whose result it is; none for a client.</param>
    /// <param name="payload">Is read once, from its beginning; has a length.</param>
    /// <param name="cancellationToken">Gives up; what has arrived is removed.</param>
    /// <returns>What a job or an outcome carries instead.</returns>
    /// <exception cref="PayloadStoreException">The coordinator does not take it.</exception>
    public static async Task<StoredPayload> SendAsync(ICanTell pool, ExecutorId from, Stream payload, CancellationToken cancellationToken)
    {
        var id = PayloadId.New();
        try
        {
            await PayloadAsk.AskAsync<PayloadProtocol.Taken>(pool, new PayloadProtocol.Offer(id, payload.Length, from), cancellationToken).ConfigureAwait(false);
            var hash = await SendPartsAsync(pool, id, payload, cancellationToken).ConfigureAwait(false);
            await PayloadAsk.AskAsync<PayloadProtocol.Stored>(pool, new PayloadProtocol.Complete(id, hash), cancellationToken).ConfigureAwait(false);
            return new StoredPayload(id, payload.Length, hash);
        }
        catch
        {
            pool.Tell(new PayloadProtocol.Release(id), ActorRefs.NoSender);
            throw;
        }
    }

    private static async Task<PayloadHash> SendPartsAsync(ICanTell pool, PayloadId id, Stream payload, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var underWay = new Queue<Task>();
        for (var offset = 0L; offset < payload.Length;)
        {
            // A message may be written after the next part is read: each part has its own memory.
            var part = new byte[Math.Min(PayloadProtocol.ChunkLength, payload.Length - offset)];
            await payload.ReadExactlyAsync(part, cancellationToken).ConfigureAwait(false);
            hash.AppendData(part);
            if (underWay.Count == PayloadProtocol.MostAhead)
                await underWay.Dequeue().ConfigureAwait(false);
            underWay.Enqueue(PayloadAsk.AskAsync<PayloadProtocol.Taken>(pool, new PayloadProtocol.Chunk(id, offset, part), cancellationToken));
            offset += part.Length;
        }

        await Task.WhenAll(underWay).ConfigureAwait(false);
        return PayloadHash.Of(hash.GetHashAndReset());
    }
}
