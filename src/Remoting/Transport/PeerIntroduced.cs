namespace Actors.Remoting.Transport;

/// <summary>Published on the event stream when a connected peer names its actor system.</summary>
/// <param name="Address">The proven address of the peer.</param>
/// <param name="Uid">The number of its actor system. A restarted program has another one.</param>
public sealed record PeerIntroduced(HostPort Address, int Uid);
