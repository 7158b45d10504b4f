using System.Security.Cryptography;
using Actors.Messages;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Coordinator;

/// <summary>
/// Where a coordinator is found, under a name that all know. Who proves that it has the key of its role is told of the gate of its role, whose name nobody
/// can guess. Keeps nothing of a handshake: the nonce that it gives is made from the one that it got.
/// </summary>
internal sealed class DoorActor : ReceiveActor
{
    private readonly byte[] _secret = AccessKey.NewNonce();
    private readonly DoorKeys _keys;
    private readonly IActorRef _forClients;
    private readonly IActorRef _forNodes;
    private readonly string _home;
    private readonly uint _number;

    /// <param name="coordinator">The coordinator itself.</param>
    /// <param name="forClients">The same as clients see it.</param>
    /// <param name="home">Its home.</param>
    /// <param name="number">That of the objects there.</param>
    /// <param name="keys">What a peer must have.</param>
    public DoorActor(IActorRef coordinator, IActorRef forClients, string home, uint number, DoorKeys keys)
    {
        (_forClients, _home, _number, _keys) = (forClients, home, number, keys);
        // Without a key of their own nodes may do what clients may.
        _forNodes = keys.Nodes is null ? forClients : Context.ActorOf(Props.Create(() => new NodeGateActor(coordinator)), RandomName.Of("nodes"));
        Receive<CoordinatorProtocol.Hello>(Greet);
        Receive<CoordinatorProtocol.Answer>(Check);
    }

    private void Greet(CoordinatorProtocol.Hello hello)
    {
        if (hello.Version < CoordinatorProtocol.OldestVersion)
        {
            // It is told so, and nothing else of use to it.
            Sender.Tell(new CoordinatorProtocol.Welcome(CoordinatorProtocol.Version, _home, ""));
        }
        else if (_keys.Of(hello.Role) is { } key)
        {
            var nonce = NonceFor(hello.Nonce);
            Sender.Tell(new CoordinatorProtocol.Challenge(nonce, key.ProofOfCoordinator(hello.Nonce, nonce)));
        }
        else
        {
            Welcome(hello.Role);
        }
    }

    private void Check(CoordinatorProtocol.Answer answer)
    {
        if (_keys.Of(answer.Role) is { } key && AccessKey.AreEqual(answer.Nonce, NonceFor(answer.OwnNonce))
            && AccessKey.AreEqual(answer.Proof, key.ProofOfPeer(answer.OwnNonce, answer.Nonce)))
        {
            Welcome(answer.Role);
        }
        else
        {
            Sender.Tell(new CoordinatorProtocol.Refused("the key is wrong."));
        }
    }

    private void Welcome(CoordinatorProtocol.PeerRole role)
    {
        var behind = role == CoordinatorProtocol.PeerRole.Node ? _forNodes : _forClients;
        Sender.Tell(new CoordinatorProtocol.Welcome(CoordinatorProtocol.Version, _home, behind.Path.Name, _number), behind);
    }

    private byte[] NonceFor(ReadOnlyMemory<byte> nonce) => HMACSHA256.HashData(_secret, nonce.Span);
}
