using Akka.Configuration;

namespace Actors.Remoting.Transport;

/// <summary>The limits of connections that have not authenticated.</summary>
internal static class LinkLimits
{
    /// <summary>The setting that limits the time of a handshake, that of TLS included.</summary>
    public const string HandshakeTimeoutSetting = "actors.link.handshake-timeout";

    /// <summary>The greatest number of connections in their handshake.</summary>
    public const int MaxPending = 256;

    /// <summary>
    /// The limit of messages of an authenticated peer that are buffered until the framework reads them. A peer sends one message and waits
    /// for the answer.
    /// </summary>
    public const int MaxBuffered = 16;

    /// <summary>Gets the time limit of a handshake from the configuration of an actor system. Its default is in common.conf.</summary>
    /// <exception cref="ConfigurationException">The configuration has no time limit.</exception>
    public static TimeSpan GetHandshakeTimeout(Config config) => config.HasPath(HandshakeTimeoutSetting)
        ? config.GetTimeSpan(HandshakeTimeoutSetting)
        : throw new ConfigurationException($"The setting {HandshakeTimeoutSetting} is missing. Add it, or include common.conf.");
}
