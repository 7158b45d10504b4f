using System.Net.Sockets;
using Actors.Remoting;

namespace Actors.Coordinator.Cluster;

/// <summary>
/// Delays the start of a restarted coordinator. If it joined at once, other members would still send to its predecessor at the same
/// address; answers would be lost, and the new coordinator might never join. A related upstream issue is
/// https://github.com/akkadotnet/akka.net/issues/3252 (closed).
/// </summary>
internal static class RejoinDelay
{
    /// <summary>Longer than the others take to remove a killed member (<see cref="CrashedMembersActor"/>).</summary>
    private static readonly TimeSpan RemovalTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Waits until the others have removed the predecessor. Returns at once if no other coordinator runs.</summary>
    /// <param name="at">The address of this coordinator.</param>
    /// <param name="seeds">The addresses of all coordinators.</param>
    /// <param name="stop">Ends the wait when the program is asked to stop.</param>
    public static async Task WaitForRemovalAsync(HostPort at, IEnumerable<HostPort> seeds, Task stop)
    {
        var others = await Task.WhenAll(
            seeds.Where(seed => seed != at).Select(seed => PortProbe.ProbePortAsync(seed, ConnectTimeout))).ConfigureAwait(false);
        if (others.Contains(SocketError.Success))
            await Task.WhenAny(stop, Task.Delay(RemovalTime)).ConfigureAwait(false);
    }
}
