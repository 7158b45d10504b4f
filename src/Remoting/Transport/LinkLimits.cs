namespace Actors.Remoting.Transport;

/// <summary>Limits of connections that have not proven anything.</summary>
internal static class LinkLimits
{
    /// <summary>How long a handshake may take, that of TLS included. A busy machine takes seconds for it.</summary>
    public static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);

    /// <summary>How many connections may be in their handshake.</summary>
    public const int MaxPending = 256;

    /// <summary>How many messages of a peer that has proven itself wait until the framework reads them: it sends one and waits for an answer.</summary>
    public const int MaxBuffered = 16;
}
