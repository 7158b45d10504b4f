using Actors.Coordinator.Clients;
using Akka.Configuration;

namespace Actors.Coordinator.Tests.Clients;

/// <summary>Limits of a client for tests.</summary>
internal static class TestLimits
{
    private static readonly Config Large = ConfigurationFactory.ParseString("""
        actors.client-limits {
          pools = 1000, job-memory = 1GiB, objects = 1000, object-memory = 1GiB, waiting-calls = 1000, durable-queues = 1000
          unread-answers = 64MiB, total-memory = 0
        }
        """);

    /// <summary>Reads limits.</summary>
    /// <param name="settings">The settings that differ from large ones, such as <c>actors.client-limits.pools = 2</c>.</param>
    public static ClientLimits Read(string settings) =>
        ClientLimits.ReadLimits(ConfigurationFactory.ParseString(settings).WithFallback(Large))!;
}
