using Akka.Configuration;

namespace Actors.Testing;

/// <summary>Actor systems that connect without a handshake, for tests of what lies above it.</summary>
public static class UnprovenLinks
{
    /// <summary>A configuration whose connections prove nothing. Both ends need it.</summary>
    public static Config Of(Config config) => ConfigurationFactory.ParseString("akka.remote.dot-netty.tcp.applied-adapters = []").WithFallback(config);
}
