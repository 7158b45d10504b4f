using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Remoting.Access;
using Actors.Remoting.Data;
using Akka.Actor;

namespace Actors.Remoting.Payloads;

/// <summary>Sends one request of a transfer of a payload, and waits for the answer.</summary>
public static class PayloadAsk
{
    /// <summary>Longer than a disk stalls.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Asks for access to a payload, and prepares the transfer of its bytes.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="request">The request.</param>
    /// <param name="payload">The payload of the request.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="PayloadStoreException">The coordinator refused the request.</exception>
    public static async Task<DataTransfer> OpenTransferAsync(
        IActorRef pool, IWireMessage request, PayloadId payload, CancellationToken cancellationToken)
    {
        var ready = await AskAsync<PayloadProtocol.PayloadReady>(pool, request, cancellationToken).ConfigureAwait(false);
        return DataTransfer.CreateTransfer(pool, ready.Port, DataKey.ForPayload(payload));
    }

    /// <exception cref="PayloadStoreException">The coordinator refused the request, sent an unexpected answer, or sent none.</exception>
    public static async Task<T> AskAsync<T>(ICanTell pool, IWireMessage question, CancellationToken cancellationToken)
    {
        try
        {
            return await PeerAsk.AskAsync<object>(pool, question, AnswerTimeout, cancellationToken).ConfigureAwait(false) switch
            {
                T answer => answer,
                PayloadProtocol.PayloadRefused refused => throw new PayloadStoreException(refused.Reason),
                var other => throw new PayloadStoreException($"The coordinator sent an unexpected answer: {other.GetType().Name}."),
            };
        }
        catch (AskTimeoutException exception)
        {
            throw new PayloadStoreException(
                $"The coordinator did not answer within {AnswerTimeout.TotalSeconds:0} s while a large payload was transferred.",
                exception);
        }
    }
}
