using System.Net.Sockets;
using Actors.Remoting;

namespace Actors.Coordinator.Cluster;

/// <summary>
/// A coordinator that was killed and is started again at once meets others that still speak to the one before it: what they answer gets lost between the two, and they
/// may keep the new one out for good. So it is silent for a moment when any of them is there.
/// </summary>
internal static class RejoinDelay
{
    /// <summary>Longer than the others take to remove who was killed (<see cref="CrashedMembersActor"/>).</summary>
    private static readonly TimeSpan RemovalTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Ends when the others have forgotten who was at this address before.</summary>
    /// <param name="at">The address.</param>
    /// <param name="seeds">All coordinators.</param>
    /// <param name="stop">Whoever is told to stop need not wait.</param>
    public static async Task WaitForRemovalAsync(HostPort at, IEnumerable<HostPort> seeds, Task stop)
    {
        var others = await Task.WhenAll(seeds.Where(seed => seed != at).Select(seed => PortProbe.ProbePortAsync(seed, ConnectTimeout))).ConfigureAwait(false);
        if (others.Contains(SocketError.Success))
            await Task.WhenAny(stop, Task.Delay(RemovalTime)).ConfigureAwait(false);
    }
}
