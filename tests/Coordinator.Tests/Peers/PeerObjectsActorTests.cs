using Actors.Coordinator.Objects;
using Actors.Coordinator.Peers;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Testing;
using Akka.Actor;
using Akka.Remote;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Peers;

/// <summary>Calls on objects of another coordinator. The test controls the coordinator and the callers.</summary>
public sealed class PeerObjectsActorTests : PatientTestKit
{
    private const uint There = 7;
    private readonly ObjectId _object = ObjectId.New(There);
    private readonly TestProbe _home;
    private readonly TestProbe _entry;
    private readonly IActorRef _elsewhere;

    public PeerObjectsActorTests()
    {
        (_home, _entry) = (CreateTestProbe(), CreateTestProbe());
        var (others, entry) = (CreateTestProbe(), _entry);
        _elsewhere = Sys.ActorOf(Props.Create(() => new PeerObjectsActor(others, entry)));
        others.ExpectMsg<PeersProtocol.SubscribePeers>();
    }

    [Fact]
    public void Call_ObjectOfAnotherCoordinator_IsAnswered()
    {
        Know(isComplete: true, There);

        Call(TestActor, 1);

        Assert.Equal(1, NextCall().Call);
        _home.Reply(new ObjectReply(1, ObjectStatus.Ok, 42, []));
        Assert.Equal(42, ExpectMsg<ObjectReply>().Number);
    }

    [Fact]
    public void Caller_MessageOfAnotherSender_IsRefused()
    {
        Know(isComplete: true, There);
        Call(TestActor, 1);
        NextCall();
        var caller = _home.LastSender;
        Assert.Matches("/caller-[0-9a-f]{32}$", caller.Path.ToString());

        caller.Tell(new ObjectReply(1, ObjectStatus.Ok, 666, []), new FarRef("coordinator"));
        caller.Tell(new ObjectCall(_object, 2, ObjectOperation.Count, -1, 0, []), CreateTestProbe());
        caller.Tell(new ObjectCallAbandoned(_object, 1), CreateTestProbe());
        _home.Reply(new ObjectReply(1, ObjectStatus.Ok, 42, []));

        Assert.Equal(42, ExpectMsg<ObjectReply>().Number);
        _home.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Call_ByTwoProcesses_AreTwoCallersAtTheOwner()
    {
        Know(isComplete: true, There);
        var other = CreateTestProbe();

        Call(TestActor, 1);
        NextCall();
        var first = _home.LastSender;
        Call(other, 1);
        NextCall();

        Assert.NotEqual(first, _home.LastSender);
        _home.Reply(new ObjectReply(1, ObjectStatus.Ok, 2, []));
        Assert.Equal(2, other.ExpectMsg<ObjectReply>().Number);
    }

    [Fact]
    public void Caller_Dies_EndsAtTheOwnerAfterItsLastMessages()
    {
        Know(isComplete: true, There);
        var caller = CreateTestProbe();
        Call(caller, 1);
        NextCall();
        _home.Watch(_home.LastSender);

        Sys.Stop(caller);

        var gone = _entry.ExpectMsg<CallerTerminated>();
        Assert.Equal((_object, caller.Ref), (gone.Object, gone.Caller));
        // An earlier message that is on the same path.
        _elsewhere.Tell(new ObjectReplyReceived(_object, 1), caller);
        _elsewhere.Tell(gone);
        _home.ExpectMsg<ObjectReplyReceived>();
        _home.ExpectMsg<Terminated>();
    }

    [Fact]
    public void Caller_DiesWithoutACall_EndsAtTheOwner()
    {
        Know(isComplete: true, There);
        var caller = CreateTestProbe();
        _elsewhere.Tell(new ObjectReplyReceived(_object, 1), caller);
        _home.ExpectMsg<ObjectReplyReceived>();

        Sys.Stop(caller);

        Assert.Equal(There, _entry.ExpectMsg<CallerTerminated>().Object.CoordinatorNumber);
    }

    [Fact]
    public void Call_AfterABrokenConnection_HoldsTheObjectAgain()
    {
        Know(isComplete: true, There);
        Tell(ObjectOperation.Hold);
        Assert.Equal(ObjectOperation.Hold, _home.ExpectMsg<ObjectCall>().Operation);
        Call(TestActor, 1);
        Assert.Equal(ObjectOperation.Count, _home.ExpectMsg<ObjectCall>().Operation);
        var before = _home.LastSender;
        _home.Watch(before);

        Sys.EventStream.Publish(new DisassociatedEvent(Address.AllSystems, _home.Ref.Path.Address, inbound: false));
        _home.ExpectTerminated(before);
        Call(TestActor, 2);
        Call(TestActor, 3);

        Assert.Equal([0, 2, 3], Enumerable.Range(0, 3).Select(_ => _home.ExpectMsg<ObjectCall>().Call));
    }

    [Fact]
    public void Drop_ThenANewProxy_HoldsTheObjectAgain()
    {
        Know(isComplete: true, There);
        Call(TestActor, 1);
        Tell(ObjectOperation.Drop);
        Tell(ObjectOperation.Hold);
        Call(TestActor, 2);
        Tell(ObjectOperation.Drop);

        ObjectOperation[] said =
            [ObjectOperation.Hold, ObjectOperation.Count, ObjectOperation.Drop, ObjectOperation.Hold, ObjectOperation.Count,
                ObjectOperation.Drop];
        Assert.Equal(said, said.Select(_ => _home.ExpectMsg<ObjectCall>().Operation));
    }

    [Fact]
    public void Owner_Lost_FailsOpenAndLaterCalls()
    {
        Know(isComplete: true, There);
        Call(TestActor, 1);
        Call(TestActor, 2);
        NextCall();
        NextCall();

        Sys.Stop(_home);
        Call(TestActor, 3);

        var ended = Enumerable.Range(0, 3).Select(_ => ExpectMsg<ObjectReply>()).ToList();
        Assert.Equal([1, 2, 3], ended.Select(reply => reply.Call).Order());
        Assert.All(ended, reply => Assert.Equal(ObjectStatus.Unreachable, reply.Status));
    }

    [Fact]
    public void Call_Abandoned_IsNotFailedWithItsOwner()
    {
        Know(isComplete: true, There);
        Call(TestActor, 1);
        NextCall();
        _elsewhere.Tell(new ObjectCallAbandoned(_object, 1));
        _home.ExpectMsg<ObjectCallAbandoned>();
        Call(TestActor, 2);
        NextCall();

        Sys.Stop(_home);

        Assert.Equal(2, ExpectMsg<ObjectReply>().Call);
    }

    [Fact]
    public void Call_BeforeAllCoordinatorsAreKnown_Waits()
    {
        Know(isComplete: false);
        Call(TestActor, 1);
        Call(TestActor, 2);

        Know(isComplete: true, There);

        Assert.Equal(1, NextCall().Call);
        Assert.Equal(2, NextCall().Call);
    }

    [Fact]
    public void Call_UnknownCoordinator_IsUnreachable()
    {
        Know(isComplete: true, There + 1);

        Call(TestActor, 1);

        Assert.Equal(ObjectStatus.Unreachable, ExpectMsg<ObjectReply>().Status);
    }

    [Fact]
    public void Call_WithoutOtherCoordinators_IsUnreachable()
    {
        var alone = Sys.ActorOf(Props.Create(() => new PeerObjectsActor(null, TestActor)));

        alone.Tell(new ObjectCall(_object, 1, ObjectOperation.Count, -1, 0, []));

        Assert.Equal(ObjectStatus.Unreachable, ExpectMsg<ObjectReply>().Status);
    }

    /// <summary>Gets the next call at the owner.</summary>
    private ObjectCall NextCall() => _home.FishForMessage<ObjectCall>(call => call.Operation < ObjectOperation.Hold);

    private void Know(bool isComplete, params uint[] numbers) =>
        _elsewhere.Tell(new PeersProtocol.PeersReply([.. numbers.Select(number => new PeersProtocol.PeerCoordinator(number, _home))],
            isComplete));

    private void Call(IActorRef caller, long number) =>
        _elsewhere.Tell(new ObjectCall(_object, number, ObjectOperation.Count, -1, 0, []), caller);

    private void Tell(ObjectOperation operation) => _elsewhere.Tell(new ObjectCall(_object, 0, operation, 0, 0, []), TestActor);
}
