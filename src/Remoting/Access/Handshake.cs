using System.Security.Authentication;
using Actors.Messages;

namespace Actors.Remoting.Access;

/// <summary>The side of whoever comes to a coordinator's door: what it says first, and what to an answer. For one coordinator and one attempt.</summary>
/// <param name="at">Where the coordinator is, for people.</param>
/// <param name="key">What this program has for it; null for nothing.</param>
/// <param name="role">As what it comes.</param>
internal sealed class Handshake(HostPort at, AccessKey? key, CoordinatorProtocol.PeerRole role = CoordinatorProtocol.PeerRole.Client)
{
    private readonly byte[] _nonce = AccessKey.NewNonce();
    private bool _isProven;

    /// <summary>The first word.</summary>
    public CoordinatorProtocol.Hello Hello => new(CoordinatorProtocol.Version, _nonce, role);

    /// <summary>What to say to a word of the door; null when it was the last one, and the coordinator, its sender, may be talked to.</summary>
    /// <exception cref="AuthenticationException">The coordinator has another key, or one of the two has none.</exception>
    /// <exception cref="OtherVersionException">It is of another version.</exception>
    public CoordinatorProtocol.Answer? Reply(CoordinatorProtocol.IFromDoor word)
    {
        switch (word)
        {
            case CoordinatorProtocol.Challenge challenge:
                return Answer(challenge);
            case CoordinatorProtocol.Welcome welcome:
                Check(welcome);
                return null;
            case CoordinatorProtocol.Refused refused:
                throw Refused(refused.Reason);
            default:
                throw Refused($"it answered {word.GetType().Name}.");
        }
    }

    private CoordinatorProtocol.Answer Answer(CoordinatorProtocol.Challenge challenge)
    {
        if (key is null)
            throw Refused($"it wants a key, and this program has none: give it one, or name its file in {AccessKey.FileVariable}.");
        if (challenge.Nonce.Length != CoordinatorProtocol.NonceLength || !AccessKey.AreEqual(challenge.Proof, key.ProofOfCoordinator(_nonce, challenge.Nonce)))
            throw Refused("it has another key.");
        _isProven = true;
        return new CoordinatorProtocol.Answer(_nonce, challenge.Nonce, key.ProofOfPeer(_nonce, challenge.Nonce), role);
    }

    private void Check(CoordinatorProtocol.Welcome welcome)
    {
        if (welcome.Name.Length == 0 || welcome.Version < CoordinatorProtocol.OldestVersion)
        {
            throw new OtherVersionException(
                $"The coordinator at {at} is of another version: it speaks {welcome.Version}, this program {CoordinatorProtocol.OldestVersion} to {CoordinatorProtocol.Version}.");
        }

        if (key is not null && !_isProven)
            throw Refused("it has no key, and this program has one.");
    }

    private AuthenticationException Refused(string reason) => new($"The coordinator at {at} was not connected to: {reason}");
}

/// <summary>The two would misunderstand each other.</summary>
internal sealed class OtherVersionException(string message) : Exception(message);
