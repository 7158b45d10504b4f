using System.Security.Cryptography;
using Actors.Messages;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>
/// Where a coordinator is found, under a name that all know. Who proves that it has the key is told of the coordinator itself, whose name nobody
/// can guess. Keeps nothing of a handshake: the nonce that it gives is made from the one that it got.
/// </summary>
internal sealed class DoorActor : ReceiveActor
{
    private readonly byte[] _secret = AccessKey.NewNonce();
    private readonly AccessKey? _key;
    private readonly IActorRef _coordinator;
    private readonly string _home;

    /// <param name="coordinator">The coordinator itself.</param>
    /// <param name="home">Its home.</param>
    /// <param name="key">What a peer must have; null for nothing.</param>
    public DoorActor(IActorRef coordinator, string home, AccessKey? key)
    {
        (_coordinator, _home, _key) = (coordinator, home, key);
        Receive<CoordinatorProtocol.Hello>(Greet);
        Receive<CoordinatorProtocol.Answer>(Check);
    }

    private void Greet(CoordinatorProtocol.Hello hello)
    {
        // A peer of too old a version is told so by the welcome, which says nothing else of use to it.
        var isUnderstood = hello.Version >= CoordinatorProtocol.OldestVersion;
        if (_key is null || !isUnderstood)
        {
            Welcome(isUnderstood ? _coordinator.Path.Name : "");
            return;
        }

        var nonce = NonceFor(hello.Nonce);
        Sender.Tell(new CoordinatorProtocol.Challenge(nonce, _key.ProofOfCoordinator(hello.Nonce, nonce)));
    }

    private void Check(CoordinatorProtocol.Answer answer)
    {
        if (_key is not null && AccessKey.AreEqual(answer.Nonce, NonceFor(answer.OwnNonce))
            && AccessKey.AreEqual(answer.Proof, _key.ProofOfPeer(answer.OwnNonce, answer.Nonce)))
        {
            Welcome(_coordinator.Path.Name);
        }
        else
        {
            Sender.Tell(new CoordinatorProtocol.Refused("the key is wrong."));
        }
    }

    private void Welcome(string name) => Sender.Tell(new CoordinatorProtocol.Welcome(CoordinatorProtocol.Version, _home, name), _coordinator);

    private byte[] NonceFor(ReadOnlyMemory<byte> nonce) => HMACSHA256.HashData(_secret, nonce.Span);
}
