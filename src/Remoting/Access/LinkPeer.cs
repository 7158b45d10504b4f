using System.Security.Cryptography;

namespace Actors.Remoting.Transport;

/// <summary>The proven peer of a connection. Immutable.</summary>
/// <param name="Role">Its role.</param>
/// <param name="Address">Its address.</param>
/// <param name="Instance">Its random number.</param>
public sealed record LinkPeer(LinkRole Role, HostPort Address, ReadOnlyMemory<byte> Instance)
{
    /// <summary>Whether a peer at the same address is the same program.</summary>
    public bool IsSameProgram(LinkPeer other) =>
        Role == other.Role && CryptographicOperations.FixedTimeEquals(Instance.Span, other.Instance.Span);
}
