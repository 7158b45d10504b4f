using Akka.Configuration;

namespace Actors.Remoting.Transport;

/// <summary>The limits of connections.</summary>
public static class LinkLimits
{
    /// <summary>The setting that limits the time of a handshake, that of TLS included.</summary>
    public const string HandshakeTimeoutSetting = "actors.link.handshake-timeout";

    /// <summary>
    /// The setting that limits the bytes of messages that a connection has delivered and actors have not handled.
    /// </summary>
    public const string UnhandledSetting = "actors.link.unhandled-bytes";

    /// <summary>The setting that limits the bytes that wait for a peer that does not receive them.</summary>
    public const string UnsentSetting = "actors.link.unsent-bytes";

    /// <summary>The setting that limits the connections of clients and nodes.</summary>
    public const string ConnectionsSetting = "actors.link.connections";

    /// <summary>The setting that limits the connections of clients and nodes from one IP address.</summary>
    public const string NetworkConnectionsSetting = "actors.link.connections-of-address";

    /// <summary>The greatest number of connections in their handshake.</summary>
    public const int MaxPending = 256;

    /// <summary>
    /// The limit of messages of an authenticated peer that are buffered until the framework reads them. A peer sends one message and waits
    /// for the answer.
    /// </summary>
    public const int MaxBuffered = 16;

    /// <summary>
    /// The highest number of watches of the connections of an address. A program watches with some actors for each worker and each pool.
    /// </summary>
    public const int MaxWatches = 100_000;

    /// <summary>The number of watches of all clients and nodes above which each of them has only a few.</summary>
    public const int MaxWatchesOfAll = 300_000;

    /// <summary>The memory for frames of clients and nodes that have not arrived completely, as a number of longest frames.</summary>
    public const int PartialFrames = 8;

    /// <summary>Gets the time limit of a handshake from the configuration of an actor system. Its default is in common.conf.</summary>
    /// <exception cref="ConfigurationException">The configuration has no time limit.</exception>
    public static TimeSpan GetHandshakeTimeout(Config config) => config.HasPath(HandshakeTimeoutSetting)
        ? config.GetTimeSpan(HandshakeTimeoutSetting)
        : throw new ConfigurationException($"The setting {HandshakeTimeoutSetting} is missing. Add it, or include common.conf.");

    /// <summary>
    /// Gets a limit of connections from the configuration of an actor system. A system without remoting has no connections.
    /// </summary>
    /// <exception cref="ConfigurationException">The limit is below 1.</exception>
    public static int GetConnections(Config config, string setting) => config.GetInt(setting, int.MaxValue) is { } limit and >= 1
        ? limit
        : throw new ConfigurationException($"The setting {setting} must be a number of connections, at least 1.");

    /// <summary>Gets a limit of bytes from the configuration of an actor system. The defaults are in common.conf.</summary>
    /// <exception cref="ConfigurationException">The configuration has no limit, or one below 1.</exception>
    public static long GetByteLimit(Config config, string setting) => config.GetByteSize(setting) is { } limit and >= 1
        ? limit
        : throw new ConfigurationException($"The setting {setting} must be a size of at least 1 byte, such as 16MiB.");
}
