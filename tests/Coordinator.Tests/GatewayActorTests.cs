using Actors.Messages;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Coordinator.Tests;

public sealed class GatewayActorTests : PatientTestKit
{
    [Fact]
    public void Hello_SupportedVersion_IsAnsweredByTheCoordinator()
    {
        Gateway().Tell(new CoordinatorProtocol.Handshake(CoordinatorProtocol.Version));

        Assert.Equal(new CoordinatorProtocol.HandshakeReply(CoordinatorProtocol.Version, "home", TestActor.Path.Name, 7),
            ExpectMsg<CoordinatorProtocol.HandshakeReply>() with { Coordinators = default });
        Assert.Equal(TestActor, LastSender);
    }

    [Fact]
    public void Hello_OlderVersion_IsAnsweredWithTheVersionOnly()
    {
        var gateway = Gateway();

        gateway.Tell(new CoordinatorProtocol.Handshake(CoordinatorProtocol.OldestVersion - 1));

        Assert.Equal(new CoordinatorProtocol.HandshakeReply(CoordinatorProtocol.Version, "home", ""),
            ExpectMsg<CoordinatorProtocol.HandshakeReply>());
        Assert.Equal(gateway, LastSender);
    }

    private IActorRef Gateway() => Sys.ActorOf(Props.Create(() => new GatewayActor(TestActor, "home", 7)));
}
