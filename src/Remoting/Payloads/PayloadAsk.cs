using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Remoting.Payloads;

/// <summary>One question of the conversation about a payload.</summary>
internal static class PayloadAsk
{
    /// <summary>Longer than a disk stands still, or a part takes on a slow line.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    /// <exception cref="PayloadStoreException">The answer is no, another, or none.</exception>
    public static async Task<T> AskAsync<T>(ICanTell pool, IWireMessage question, CancellationToken cancellationToken)
    {
        try
        {
            return await PeerAsk.AskAsync<object>(pool, question, AnswerTimeout, cancellationToken).ConfigureAwait(false) switch
            {
                T answer => answer,
                PayloadProtocol.PayloadRefused refused => throw new PayloadStoreException(refused.Reason),
                var other => throw new PayloadStoreException($"The coordinator answered {other.GetType().Name}."),
            };
        }
        catch (AskTimeoutException exception)
        {
            throw new PayloadStoreException($"The coordinator did not answer within {AnswerTimeout.TotalSeconds:0} s while a large payload was brought.", exception);
        }
    }
}
