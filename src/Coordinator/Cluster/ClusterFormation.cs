using Akka.Actor;
using Akka.Cluster;

namespace Actors.Coordinator.Cluster;

/// <summary>
/// Delays sharding until all members of a new cluster agree on the membership. A new cluster may have two leaders for a moment, each of
/// which numbers the members. Sharding orders members by these numbers. If the number of a member changes twice, sharding may take it for
/// the oldest long after it has left, and no pool is assigned any more. After agreement there is one leader at a time.
/// </summary>
internal static class ClusterFormation
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The number of agreements in a row. Changes of the members and of the nodes that have seen them do not arrive in the same moment.
    /// </summary>
    private const int AgreementsNeeded = 3;

    /// <summary>Completes when this coordinator is a member, and all reachable members have seen the same membership.</summary>
    /// <returns>False if the actor system terminated before.</returns>
    public static async Task<bool> WaitUntilAgreedAsync(ActorSystem system)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        for (var times = 0; times < AgreementsNeeded; times = IsAgreed(cluster) ? times + 1 : 0)
        {
            await Task.Delay(Interval).ConfigureAwait(false);
            if (cluster.IsTerminated)
                return false;
        }

        return true;
    }

    private static bool IsAgreed(Akka.Cluster.Cluster cluster)
    {
        var state = cluster.State;
        return state.Members.Any(member => member.UniqueAddress.Equals(cluster.SelfUniqueAddress) && member.Status == MemberStatus.Up)
            && state.Members.Except(state.Unreachable)
                .Where(member => member.Status is MemberStatus.Joining or MemberStatus.Up)
                .All(member => state.SeenBy.Contains(member.Address));
    }
}
