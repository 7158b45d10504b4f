using System.Security.Cryptography;
using Actors.Messages;
using Actors.Messages.Payloads;
using Akka.Actor;

namespace Actors.Remoting.Payloads;

/// <summary>Downloads a payload from the store of the coordinator of a pool, part by part, and verifies it.</summary>
internal static class PayloadFetcher
{
    /// <param name="pool">The pool.</param>
    /// <param name="stored">The payload.</param>
    /// <param name="to">Receives the bytes. They must not be used if this method throws.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <exception cref="PayloadStoreException">The payload cannot be downloaded, or has another hash.</exception>
    public static async Task FetchPayloadAsync(ICanTell pool, StoredPayload stored, Stream to, CancellationToken cancellationToken)
    {
        RequireValidLength(stored);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (asked, underWay) = (0L, new Queue<Task<PayloadProtocol.PayloadChunk>>());
        for (var offset = 0L; offset < stored.Length;)
        {
            for (; asked < stored.Length && underWay.Count < PayloadProtocol.MaxChunksInFlight; asked += PayloadProtocol.ChunkLength)
            {
                var request = new PayloadProtocol.FetchPayloadChunk(stored.Id, asked);
                underWay.Enqueue(PayloadAsk.AskAsync<PayloadProtocol.PayloadChunk>(pool, request, cancellationToken));
            }

            var chunk = await underWay.Dequeue().ConfigureAwait(false);
            var expected = Math.Min(PayloadProtocol.ChunkLength, stored.Length - offset);
            if (chunk.Payload != stored.Id || chunk.Offset != offset || chunk.Bytes.Length != expected)
                throw new PayloadStoreException("The coordinator sent a part of a payload that was not requested.");
            hash.AppendData(chunk.Bytes.Span);
            await to.WriteAsync(chunk.Bytes, cancellationToken).ConfigureAwait(false);
            offset += chunk.Bytes.Length;
        }

        if (PayloadHash.FromBytes(hash.GetHashAndReset()) != stored.Hash)
        {
            throw new PayloadStoreException(
                "The coordinator sent a payload with another hash than that of the uploaded one. It was refused.");
        }
    }

    /// <summary>Checks the announced length before anything is allocated for it.</summary>
    /// <exception cref="PayloadStoreException">The length is not allowed.</exception>
    public static void RequireValidLength(StoredPayload stored)
    {
        if (stored.Length <= 0 || stored.Length > WireLimits.LargestStored)
        {
            throw new PayloadStoreException(
                $"A payload of {stored.Length} bytes was announced; at most {WireLimits.LargestStored} are accepted.");
        }
    }
}
