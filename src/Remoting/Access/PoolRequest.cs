using Actors.Messages;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Remoting.Access;

/// <summary>
/// Sends a request to a durable pool that this program need not have opened. It looks the pool up, and repeats both until an answer
/// arrives, because the pool may be moving between coordinators. The request must be repeatable.
/// </summary>
public static class PoolRequest
{
    private static readonly TimeSpan FindTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Long enough for a busy store: a repeated request reports less than the first one has done.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Sends a request and waits for the answer.</summary>
    /// <param name="system">The actor system of this program.</param>
    /// <param name="coordinator">The actor that finds durable pools.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="request">The request.</param>
    /// <param name="timeout">The time limit.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The answer of the pool, or the refusal of the coordinator.</returns>
    /// <exception cref="AskTimeoutException">No answer arrived in time.</exception>
    public static async Task<IWireMessage> SendAsync(
        ActorSystem system, IActorRef coordinator, PoolId pool, IWireMessage request, TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        for (var since = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                var answer = await PeerAsk.AskAsync<IWireMessage>(
                    coordinator, new PoolProtocol.FindPool(pool), FindTimeout, cancellationToken).ConfigureAwait(false);
                if (answer is not PoolProtocol.PoolFound found)
                    return answer;
                var actor = ((ExtendedActorSystem)system).Provider.ResolveActorRef(found.Path);
                return await PeerAsk.AskAsync<IWireMessage>(actor, request, AnswerTimeout, cancellationToken).ConfigureAwait(false);
            }
            catch (AskTimeoutException) when (TimeProvider.System.GetElapsedTime(since) < timeout)
            {
                // The pool is loading or moving.
            }
        }
    }
}
