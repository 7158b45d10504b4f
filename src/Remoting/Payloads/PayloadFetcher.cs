using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Remoting.Data;
using Akka.Actor;

namespace Actors.Remoting.Payloads;

/// <summary>Downloads a payload from the store of the coordinator of a pool, and verifies it.</summary>
public static class PayloadFetcher
{
    /// <param name="pool">The pool.</param>
    /// <param name="stored">The payload.</param>
    /// <param name="write">Receives the bytes in parts. They must not be used if this method throws.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <exception cref="PayloadStoreException">The payload cannot be downloaded, or has another hash.</exception>
    public static async Task FetchPayloadAsync(
        IActorRef pool, StoredPayload stored, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write,
        CancellationToken cancellationToken)
    {
        RequireValidLength(stored);
        try
        {
            var fetch = new PayloadProtocol.FetchPayload(stored.Id);
            var transfer = await PayloadAsk.OpenTransferAsync(pool, fetch, stored.Id, cancellationToken).ConfigureAwait(false);
            var hash = await transfer.ReceiveAsync(stored.Length, write, cancellationToken).ConfigureAwait(false);
            if (PayloadHash.FromBytes(hash) == stored.Hash)
                return;
        }
        catch (DataRefusedException exception)
        {
            throw new PayloadStoreException(exception.Message, exception);
        }

        throw new PayloadStoreException(
            "The coordinator sent a payload with another hash than that of the uploaded one. It was refused.");
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
