using Actors.Remoting;
using Actors.Testing;
using Akka.Configuration;

namespace Actors.Coordinator.Tests.Cluster;

/// <summary>An actor system of a coordinator that joins others on request.</summary>
internal static class LoneCoordinator
{
    /// <summary>The longest wait for an event of a small cluster.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>No split-brain resolver, which would also end the coordinator, later. No wait for members that do not answer.</summary>
    public static readonly Config Configuration = ConfigurationFactory
        .ParseString("akka { cluster.downing-provider-class = \"\"\n coordinated-shutdown.run-by-actor-system-terminate = off }")
        .WithFallback(UnprovenLinks.Of(RoleConfiguration.CreateCoordinator(new HostPort("127.0.0.1", 0), [], null)));
}
