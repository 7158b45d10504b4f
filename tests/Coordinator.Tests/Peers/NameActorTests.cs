using Actors.Coordinator.Peers;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Peers;

/// <summary>A name among three coordinators, which the test plays.</summary>
public sealed class NameActorTests : PatientTestKit
{
    private static readonly ObjectProtocol.Publish Offered = new("name", [ObjectId.New(2)], "queue", new byte[] { 1 });
    private static readonly ObjectProtocol.Named Nothing = new("name", "", default);
    private static readonly ObjectProtocol.Named Another = new("name", "lock", new byte[] { 2 });

    private readonly TestProbe[] _coordinators;
    private readonly IActorRef _name;

    public NameActorTests()
    {
        _coordinators = [CreateTestProbe(), CreateTestProbe(), CreateTestProbe()];
        var (here, others) = (new PeersProtocol.Peer(1, _coordinators[0]), Sys.ActorOf(Props.Create(() => new Others())));
        others.Tell(new PeersProtocol.Peers([new PeersProtocol.Peer(2, _coordinators[1]), new PeersProtocol.Peer(3, _coordinators[2])], IsComplete: true));
        _name = Sys.ActorOf(Props.Create(() => new NameActor(here, others)));
    }

    [Fact]
    public void Find_OfWhatOneHas_GivesIt()
    {
        _name.Tell(new ObjectProtocol.Find("name"));
        AnswerFind(Nothing, Nothing, Another);
        Assert.Equal("lock", ExpectMsg<ObjectProtocol.Named>().Type);
    }

    [Fact]
    public void Find_OfWhatNobodyHas_SaysSo()
    {
        _name.Tell(new ObjectProtocol.Find("name"));
        AnswerFind(Nothing, Nothing, Nothing);
        Assert.True(ExpectMsg<ObjectProtocol.Named>().Proxy.IsEmpty);
    }

    [Fact]
    public void Find_WhileOneIsSilent_AsksAgain()
    {
        _name.Tell(new ObjectProtocol.Find("name"));
        AnswerFind(Nothing, Nothing, null);
        AnswerFind(Nothing, Nothing, Another);
        Assert.Equal("lock", ExpectMsg<ObjectProtocol.Named>().Type);
    }

    [Fact]
    public void Publish_OfAFreeName_IsDoneWhereTheObjectIs()
    {
        _name.Tell(Offered);
        AnswerFind(Nothing, Nothing, Nothing);
        Assert.True(_coordinators[1].ExpectMsg<ObjectProtocol.Publish>().OnlyHere);
        _coordinators[1].Reply(new ObjectProtocol.Named("name", Offered.Type, Offered.Proxy));
        Assert.Equal("queue", ExpectMsg<ObjectProtocol.Named>().Type);
    }

    [Fact]
    public void Publish_OfANameThatIsTaken_SaysByWhat()
    {
        _name.Tell(Offered);
        AnswerFind(Another, Nothing, Nothing);
        Assert.Equal("lock", ExpectMsg<ObjectProtocol.Named>().Type);
    }

    [Fact]
    public void Publish_Twice_AsksForTheSecondWhenTheFirstIsDone()
    {
        _name.Tell(Offered);
        _name.Tell(Offered with { Objects = [ObjectId.New(3)], Type = "lock" });
        AnswerFind(Nothing, Nothing, Nothing);
        _coordinators[1].ExpectMsg<ObjectProtocol.Publish>();
        var first = new ObjectProtocol.Named("name", Offered.Type, Offered.Proxy);
        _coordinators[1].Reply(first);
        AnswerFind(Nothing, first, Nothing);
        Assert.Equal("queue", ExpectMsg<ObjectProtocol.Named>().Type);
        Assert.Equal("queue", ExpectMsg<ObjectProtocol.Named>().Type);
    }

    [Fact]
    public void Publish_OfNothing_IsToldToAll()
    {
        _name.Tell(new ObjectProtocol.Publish("name", [], "", default));
        foreach (var coordinator in _coordinators)
        {
            Assert.True(coordinator.ExpectMsg<ObjectProtocol.Publish>().OnlyHere);
            coordinator.Reply(Nothing);
        }

        Assert.True(ExpectMsg<ObjectProtocol.Named>().Proxy.IsEmpty);
    }

    private void AnswerFind(params ObjectProtocol.Named?[] answers)
    {
        foreach (var (coordinator, answer) in _coordinators.Zip(answers))
        {
            Assert.True(coordinator.ExpectMsg<ObjectProtocol.Find>().OnlyHere);
            if (answer is not null)
                coordinator.Reply(answer);
        }
    }

    /// <summary>Knows what it was told last.</summary>
    private sealed class Others : ReceiveActor
    {
        private PeersProtocol.Peers _peers = new([], false);

        public Others()
        {
            Receive<PeersProtocol.Peers>(peers => _peers = peers);
            Receive<PeersProtocol.Ask>(_ => Sender.Tell(_peers));
        }
    }
}
