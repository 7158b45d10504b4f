using System.Security.Authentication;
using Actors.Messages;

namespace Actors.Remoting.Access;

/// <summary>The side of a client or node: what it says first, and what to an answer. For one coordinator and one attempt.</summary>
internal sealed class Handshake(HostPort at, AccessKey? key)
{
    private readonly byte[] _nonce = AccessKey.NewNonce();
    private bool _isProven;

    /// <summary>The first word.</summary>
    public CoordinatorProtocol.Hello Hello => new(CoordinatorProtocol.Version, _nonce);

    /// <summary>The answer to a challenge.</summary>
    /// <exception cref="AuthenticationException">The coordinator has another key, or there is none here.</exception>
    public CoordinatorProtocol.Answer Answer(CoordinatorProtocol.Challenge challenge)
    {
        if (key is null)
            throw Refused($"it wants a key, and this program has none: give it one, or name its file in {AccessKey.FileVariable}.");
        if (challenge.Nonce.Length != CoordinatorProtocol.NonceLength || !AccessKey.AreEqual(challenge.Proof, key.ProofOfCoordinator(_nonce, challenge.Nonce)))
            throw Refused("it has another key.");
        _isProven = true;
        return new CoordinatorProtocol.Answer(_nonce, challenge.Nonce, key.ProofOfPeer(_nonce, challenge.Nonce));
    }

    /// <summary>Whether the coordinator may be talked to.</summary>
    /// <exception cref="AuthenticationException">It has not shown that it has the key.</exception>
    public void Check(CoordinatorProtocol.Welcome _)
    {
        if (key is not null && !_isProven)
            throw Refused("it has no key, and this program has one.");
    }

    /// <summary>The coordinator refuses.</summary>
    public AuthenticationException Refused(string reason) => new($"The coordinator at {at} was not connected to: {reason}");
}
