using System.Security.Cryptography;
using Actors.Messages;
using Actors.Messages.Payloads;
using Akka.Actor;

namespace Actors.Remoting.Payloads;

/// <summary>Brings a payload to the store of a pool's coordinator, a part at a time.</summary>
internal static class PayloadSender
{
    private const int MostSetbacks = 100;

    /// <param name="pool">The pool.</param>
    /// <param name="from">The executor whose result it is; none for a client.</param>
    /// <param name="payload">Is read from its beginning; has a length and a position.</param>
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

    /// <summary>Where a link broke, parts get lost or overtake each other: then it goes on from what the coordinator says is there.</summary>
    private static async Task<PayloadHash> SendPartsAsync(ICanTell pool, PayloadId id, Stream payload, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var underWay = new List<PartUnderWay>();
        var (next, hashed, setbacks) = (0L, 0L, 0);
        while (next < payload.Length || underWay.Count > 0)
        {
            if (next < payload.Length && underWay.Count < PayloadProtocol.MostAhead)
            {
                // A message may be written after the next part is read: each part has its own memory.
                var part = new byte[Math.Min(PayloadProtocol.ChunkLength, payload.Length - next)];
                payload.Position = next;
                await payload.ReadExactlyAsync(part, cancellationToken).ConfigureAwait(false);
                var answer = PayloadAsk.AskAsync<PayloadProtocol.Taken>(pool, new PayloadProtocol.Chunk(id, next, part), cancellationToken);
                next += part.Length;
                underWay.Add(new PartUnderWay(next, answer));
                if (next > hashed)
                    hash.AppendData(part);
                hashed = Math.Max(hashed, next);
                continue;
            }

            await Task.WhenAny(underWay.Select(part => part.Answer)).ConfigureAwait(false);
            var answered = underWay.First(part => part.Answer.IsCompleted);
            var here = (await answered.Answer.ConfigureAwait(false)).Next;
            underWay.RemoveAll(part => part.End <= here);
            if (here >= answered.End)
                continue;
            if (here < 0 || ++setbacks > MostSetbacks)
                throw new PayloadStoreException($"The parts of payload {id} do not arrive: the link to the coordinator breaks again and again.");
            underWay.Clear();
            next = here;
        }

        return PayloadHash.Of(hash.GetHashAndReset());
    }

    private sealed record PartUnderWay(long End, Task<PayloadProtocol.Taken> Answer);
}
