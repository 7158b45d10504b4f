using Actors.Messages.Pools;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Client.Tests.Pools;

/// <summary>Answers the searches of clients for a durable pool that a probe plays.</summary>
internal static class PoolSearches
{
    /// <summary>
    /// Answers the first search of each connection. The client repeats its search until the pool is open, and would send another request to
    /// open the pool after each answer.
    /// </summary>
    /// <param name="pool">The probe. Ignore the searches there.</param>
    public static void AnswerSearches(this TestProbe pool)
    {
        var path = Akka.Serialization.Serialization.SerializedActorPath(pool.Ref);
        var answered = new HashSet<IActorRef>();
        pool.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            if (message is PoolProtocol.FindPool find && answered.Add(sender))
                sender.Tell(new PoolProtocol.PoolFound(find.Pool, path), pool.Ref);
            return AutoPilot.KeepRunning;
        }));
    }
}
