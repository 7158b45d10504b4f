using Akka.Configuration;

namespace Actors.Testing;

/// <summary>Settings for actor systems that connect without a handshake, for tests of higher layers.</summary>
public static class UnprovenLinks
{
    /// <summary>Returns a configuration without authentication of connections. Both ends need it.</summary>
    public static Config Of(Config config) =>
        ConfigurationFactory.ParseString("akka.remote.dot-netty.tcp.applied-adapters = []").WithFallback(config);
}
