using Akka.Actor;
using Akka.Cluster;

namespace Actors.Coordinator.Cluster;

/// <summary>
/// A new cluster may have two leaders for a moment, each of which numbers the members by itself, until they have told each other. Sharding, and whoever else orders the members by these
/// numbers, keeps one whose number changes twice, and takes it for the oldest long after it is gone: then nobody assigns pools any more. So none of it starts before all know the same;
/// from then on there is one leader at a time.
/// </summary>
internal static class ClusterFormation
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>The members and who knows of them are not told in the same moment.</summary>
    private const int AgreementsNeeded = 3;

    /// <summary>Ends when this coordinator is a member, and all members that can be reached know the same of each other.</summary>
    /// <returns>False where the actor system has ended before.</returns>
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
            && state.Members.Except(state.Unreachable).Where(member => member.Status is MemberStatus.Joining or MemberStatus.Up).All(member => state.SeenBy.Contains(member.Address));
    }
}
