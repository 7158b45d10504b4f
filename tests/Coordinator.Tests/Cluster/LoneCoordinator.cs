using Actors.Remoting;
using Actors.Testing;
using Akka.Configuration;

namespace Actors.Coordinator.Tests.Cluster;

/// <summary>A coordinator of a test's own, which finds others when it is told to join them.</summary>
internal static class LoneCoordinator
{
    /// <summary>How long a cluster of a few of them may take for anything.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Without the resolver, which would end the coordinator too, later; and nobody waits to leave a cluster whose other members do not answer.</summary>
    public static readonly Config Configuration = ConfigurationFactory
        .ParseString("akka { cluster.downing-provider-class = \"\"\n coordinated-shutdown.run-by-actor-system-terminate = off }")
        .WithFallback(UnprovenLinks.Of(RoleConfiguration.CreateCoordinator(new HostPort("127.0.0.1", 0), [], null)));
}
