using Actors.Coordinator.Objects;
using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using static Actors.Coordinator.Tests.Objects.ObjectCalls;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>The actors around the states.</summary>
public sealed class ObjectsActorTests : TestKit
{
    private readonly IActorRef _objects;
    private readonly ObjectId _id = ObjectId.New();

    public ObjectsActorTests() => _objects = Sys.ActorOf(Props.Create(() => new ObjectsActor()));

    [Fact]
    public void Call_OnAnUnknownObject_IsAnsweredSo()
    {
        _objects.Tell(Get(5, target: _id), TestActor);
        Assert.Equal((5, ObjectStatus.NoSuchObject), Key(ExpectMsg<ObjectReply>()));
    }

    [Fact]
    public void Create_Twice_KeepsTheObject()
    {
        Make(ObjectKind.Queue);
        _objects.Tell(Put(1, [1], target: _id), TestActor);
        ExpectMsg<ObjectReply>();
        Make(ObjectKind.Queue);
        _objects.Tell(Get(2, target: _id), TestActor);
        Assert.Equal([1], ExpectMsg<ObjectReply>().Items());
    }

    [Fact]
    public void Death_OfACallerWithAnItemNotReceived_GivesItToTheNext()
    {
        Make(ObjectKind.Queue);
        var dying = CreateTestProbe();
        _objects.Tell(Put(1, [1], target: _id), TestActor);
        ExpectMsg<ObjectReply>();
        _objects.Tell(Get(1, target: _id), dying);
        dying.ExpectMsg<ObjectReply>();
        _objects.Tell(Get(2, target: _id), TestActor);
        Sys.Stop(dying);
        Assert.Equal([1], ExpectMsg<ObjectReply>().Items());
    }

    [Fact]
    public void Death_OfALocksHolder_PassesItOnAsAbandoned()
    {
        Make(ObjectKind.Lock);
        var dying = CreateTestProbe();
        _objects.Tell(Acquire(1, target: _id), dying);
        dying.ExpectMsg<ObjectReply>();
        _objects.Tell(new ObjectReceived(_id, 1), dying);
        _objects.Tell(Acquire(1, target: _id), TestActor);
        Sys.Stop(dying);
        Assert.Equal((1, ObjectStatus.OkAbandoned), Key(ExpectMsg<ObjectReply>()));
    }

    [Fact]
    public void Remove_OfAnObject_AnswersWhoWaitsAndWhoComesLater()
    {
        Make(ObjectKind.Queue);
        _objects.Tell(Get(1, target: _id), TestActor);
        _objects.Tell(new ObjectProtocol.Remove(_id), TestActor);
        _objects.Tell(Get(2, target: _id), TestActor);
        var answered = new[] { Key(ExpectMsg<ObjectReply>()), Key(ExpectMsg<ObjectReply>()) };
        Assert.Equal([(1, ObjectStatus.NoSuchObject), (2, ObjectStatus.NoSuchObject)], answered.Order());
    }

    [Fact]
    public void Remove_WithManyCallsUnderWay_AnswersEach()
    {
        Make(ObjectKind.Queue);
        foreach (var call in Enumerable.Range(1, 1000))
            _objects.Tell(Get(call, target: _id), TestActor);
        _objects.Tell(new ObjectProtocol.Remove(_id), TestActor);
        Assert.Equal(1000, ReceiveN(1000).Cast<ObjectReply>().Select(reply => reply.Call).Distinct().Count());
    }

    [Fact]
    public void Get_WhenItsTimeIsOver_IsAnsweredEmpty()
    {
        Make(ObjectKind.Queue);
        _objects.Tell(Get(1, timeout: 20, target: _id), TestActor);
        Assert.Equal((1, ObjectStatus.Empty), Key(ExpectMsg<ObjectReply>()));
    }

    [Fact]
    public void Get_BesideThoseThatWaitLonger_IsAnsweredInItsTime()
    {
        Make(ObjectKind.Queue);
        _objects.Tell(Get(1, timeout: 40, target: _id), TestActor);
        _objects.Tell(Get(2, timeout: (long)TimeSpan.FromDays(10_000).TotalMilliseconds, target: _id), TestActor);
        _objects.Tell(Get(3, timeout: 20, target: _id), TestActor);
        Assert.Equal((3, ObjectStatus.Empty), Key(ExpectMsg<ObjectReply>()));
        Assert.Equal((1, ObjectStatus.Empty), Key(ExpectMsg<ObjectReply>()));
        _objects.Tell(Put(4, [1], target: _id), TestActor);
        Assert.Equal([(2, ObjectStatus.Ok), (4, ObjectStatus.Ok)], new[] { Key(ExpectMsg<ObjectReply>()), Key(ExpectMsg<ObjectReply>()) }.Order());
    }

    private static (long Call, ObjectStatus Status) Key(ObjectReply reply) => (reply.Call, reply.Status);

    private void Make(ObjectKind kind)
    {
        _objects.Tell(new ObjectProtocol.Create(_id, kind, 0), TestActor);
        ExpectMsg<ObjectProtocol.Created>();
    }
}
