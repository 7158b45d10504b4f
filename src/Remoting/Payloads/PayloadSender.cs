using System.Runtime.InteropServices;
using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Remoting.Data;
using Akka.Actor;

namespace Actors.Remoting.Payloads;

/// <summary>Uploads a payload to the store of the coordinator of a pool.</summary>
public static class PayloadSender
{
    /// <param name="pool">The pool.</param>
    /// <param name="from">The executor whose result this is; none for a client.</param>
    /// <param name="payload">The bytes, read from the beginning; a stream with a length and a position.</param>
    /// <param name="cancellationToken">Cancels the upload. The coordinator removes the bytes that have arrived.</param>
    /// <returns>The reference that a job or outcome carries instead of the payload.</returns>
    /// <exception cref="PayloadStoreException">The coordinator refused the payload.</exception>
    public static Task<StoredPayload> SendPayloadAsync(
        IActorRef pool, ExecutorId from, Stream payload, CancellationToken cancellationToken) =>
        SendPayloadAsync(pool, PayloadId.New(), from, payload, cancellationToken);

    /// <summary>Uploads a payload of a client.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="id">The id of the payload.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="cancellationToken">Cancels the upload. The coordinator removes the bytes that have arrived.</param>
    /// <exception cref="PayloadStoreException">The coordinator refused the payload.</exception>
    public static async Task<StoredPayload> SendPayloadAsync(
        IActorRef pool, PayloadId id, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var stream = OpenStream(content);
        return await SendPayloadAsync(pool, id, default, stream, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<StoredPayload> SendPayloadAsync(
        IActorRef pool, PayloadId id, ExecutorId from, Stream payload, CancellationToken cancellationToken)
    {
        try
        {
            var offer = new PayloadProtocol.OfferPayload(id, payload.Length, from);
            var transfer = await PayloadAsk.OpenTransferAsync(pool, offer, id, cancellationToken).ConfigureAwait(false);
            var hash = PayloadHash.FromBytes(await transfer.SendAsync(payload, cancellationToken).ConfigureAwait(false));
            await PayloadAsk.AskAsync<PayloadProtocol.PayloadStored>(
                pool, new PayloadProtocol.CompletePayload(id, hash), cancellationToken).ConfigureAwait(false);
            return new StoredPayload(id, payload.Length, hash);
        }
        catch (DataRefusedException exception)
        {
            Release(pool, id);
            throw new PayloadStoreException(exception.Message, exception);
        }
        catch
        {
            Release(pool, id);
            throw;
        }
    }

    private static MemoryStream OpenStream(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(bytes.ToArray(), writable: false);

    /// <summary>
    /// Releases the payload. The pool accepts this message from the process of the sender only; the guardian, an actor of every system,
    /// stands for the process.
    /// </summary>
    private static void Release(IActorRef pool, PayloadId id) =>
        pool.Tell(new PayloadProtocol.ReleasePayload(id), ((IInternalActorRef)pool).Provider.Guardian);
}
