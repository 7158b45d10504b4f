using Actors.Coordinator.Peers;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Peers;

/// <summary>A name among three coordinators that the test controls.</summary>
public sealed class NameActorTests : PatientTestKit
{
    private static readonly ObjectProtocol.PublishObject Offered = new("name", [ObjectId.New(2)], "queue", new byte[] { 1 });
    private static readonly ObjectProtocol.NamedObjectReply Nothing = new("name", "", default);
    private static readonly ObjectProtocol.NamedObjectReply Another = new("name", "lock", new byte[] { 2 });

    private readonly TestProbe[] _coordinators;
    private readonly IActorRef _name;

    public NameActorTests()
    {
        _coordinators = [CreateTestProbe(), CreateTestProbe(), CreateTestProbe()];
        var (here, others) = (new PeersProtocol.PeerCoordinator(1, _coordinators[0]), Sys.ActorOf(Props.Create(() => new Others())));
        others.Tell(new PeersProtocol.PeersReply(
            [new PeersProtocol.PeerCoordinator(2, _coordinators[1]), new PeersProtocol.PeerCoordinator(3, _coordinators[2])],
            IsComplete: true));
        _name = Sys.ActorOf(Props.Create(() => new NameActor(here, others)));
    }

    [Fact]
    public void Find_PublishedName_ReturnsTheObject()
    {
        Play(Nothing, Nothing, Another);
        _name.Tell(new ObjectProtocol.FindNamedObject("name"));
        Assert.Equal("lock", ExpectMsg<ObjectProtocol.NamedObjectReply>().Type);
    }

    [Fact]
    public void Find_FreeName_ReturnsEmpty()
    {
        Play(Nothing, Nothing, Nothing);
        _name.Tell(new ObjectProtocol.FindNamedObject("name"));
        Assert.True(ExpectMsg<ObjectProtocol.NamedObjectReply>().Proxy.IsEmpty);
    }

    [Fact]
    public void Find_CoordinatorIsSilent_AsksAgain()
    {
        Play(Nothing, Nothing, null);
        _name.Tell(new ObjectProtocol.FindNamedObject("name"));
        _coordinators[2].ExpectMsg<ObjectProtocol.FindNamedObject>();
        ExpectNoMsg(TimeSpan.Zero);
        Play(Nothing, Nothing, Another);
        Assert.Equal("lock", ExpectMsg<ObjectProtocol.NamedObjectReply>().Type);
    }

    [Fact]
    public void Publish_FreeName_IsStoredByTheOwner()
    {
        Play(Nothing, Nothing, Nothing);
        _name.Tell(Offered);
        Assert.Equal("queue", ExpectMsg<ObjectProtocol.NamedObjectReply>().Type);
        Assert.True(_coordinators[1].FishForMessage<ObjectProtocol.PublishObject>(_ => true).IsLocalOnly);
    }

    [Fact]
    public void Publish_UsedName_ReturnsItsObject()
    {
        Play(Another, Nothing, Nothing);
        _name.Tell(Offered);
        Assert.Equal("lock", ExpectMsg<ObjectProtocol.NamedObjectReply>().Type);
    }

    [Fact]
    public void Publish_Twice_HandlesOneAfterTheOther()
    {
        Play(Nothing, Nothing, Nothing);
        _name.Tell(Offered);
        _name.Tell(Offered with { Objects = [ObjectId.New(3)], Type = "lock" });
        Assert.Equal("queue", ExpectMsg<ObjectProtocol.NamedObjectReply>().Type);
        Assert.Equal("queue", ExpectMsg<ObjectProtocol.NamedObjectReply>().Type);
    }

    [Fact]
    public void Publish_WithoutObject_IsSentToAll()
    {
        Play(Nothing, Nothing, Nothing);
        _name.Tell(new ObjectProtocol.PublishObject("name", [], "", default));
        Assert.True(ExpectMsg<ObjectProtocol.NamedObjectReply>().Proxy.IsEmpty);
        foreach (var coordinator in _coordinators)
            Assert.True(coordinator.ExpectMsg<ObjectProtocol.PublishObject>().IsLocalOnly);
    }

    /// <summary>
    /// Lets each coordinator answer with this object; null is silent. They answer every request, because a slow machine repeats requests.
    /// </summary>
    private void Play(params ObjectProtocol.NamedObjectReply?[] names)
    {
        foreach (var (coordinator, name) in _coordinators.Zip(names))
        {
            var named = name;
            coordinator.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
            {
                if (message is ObjectProtocol.PublishObject publish)
                    named = new ObjectProtocol.NamedObjectReply(publish.Name, publish.Type, publish.Proxy);
                if (named is not null
                    && message is ObjectProtocol.FindNamedObject { IsLocalOnly: true }
                        or ObjectProtocol.PublishObject { IsLocalOnly: true })
                    sender.Tell(named);
                return AutoPilot.KeepRunning;
            }));
        }
    }

    /// <summary>An actor that answers with the coordinators that it was given.</summary>
    private sealed class Others : ReceiveActor
    {
        private PeersProtocol.PeersReply _peers = new([], false);

        public Others()
        {
            Receive<PeersProtocol.PeersReply>(peers => _peers = peers);
            Receive<PeersProtocol.GetPeers>(_ => Sender.Tell(_peers));
        }
    }
}
