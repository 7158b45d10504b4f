using System.Security.Cryptography;
using Actors.Messages;
using Actors.Messages.Payloads;
using Akka.Actor;

namespace Actors.Remoting.Payloads;

/// <summary>Brings a payload from the store of a pool's coordinator, a part at a time, and checks it.</summary>
internal static class PayloadFetcher
{
    /// <param name="pool">The pool.</param>
    /// <param name="stored">Which.</param>
    /// <param name="to">Gets its bytes; void when this throws.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PayloadStoreException">It cannot be had, or is something else.</exception>
    public static async Task FetchPayloadAsync(ICanTell pool, StoredPayload stored, Stream to, CancellationToken cancellationToken)
    {
        RequireValidLength(stored);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (asked, underWay) = (0L, new Queue<Task<PayloadProtocol.PayloadChunk>>());
        for (var offset = 0L; offset < stored.Length;)
        {
            for (; asked < stored.Length && underWay.Count < PayloadProtocol.MaxChunksInFlight; asked += PayloadProtocol.ChunkLength)
                underWay.Enqueue(PayloadAsk.AskAsync<PayloadProtocol.PayloadChunk>(pool, new PayloadProtocol.FetchPayloadChunk(stored.Id, asked), cancellationToken));
            var chunk = await underWay.Dequeue().ConfigureAwait(false);
            if (chunk.Payload != stored.Id || chunk.Offset != offset || chunk.Bytes.Length != Math.Min(PayloadProtocol.ChunkLength, stored.Length - offset))
                throw new PayloadStoreException("The coordinator sent another part of a payload than was asked for.");
            hash.AppendData(chunk.Bytes.Span);
            await to.WriteAsync(chunk.Bytes, cancellationToken).ConfigureAwait(false);
            offset += chunk.Bytes.Length;
        }

        if (PayloadHash.FromBytes(hash.GetHashAndReset()) != stored.Hash)
            throw new PayloadStoreException("What the coordinator sent of a payload is not what was brought to it: it was refused.");
    }

    /// <summary>Before anything is allocated for it.</summary>
    /// <exception cref="PayloadStoreException">It is said to have a length that none may have.</exception>
    public static void RequireValidLength(StoredPayload stored)
    {
        if (stored.Length <= 0 || stored.Length > WireLimits.LargestStored)
            throw new PayloadStoreException($"A payload of {stored.Length} bytes was announced; at most {WireLimits.LargestStored} are taken.");
    }
}
