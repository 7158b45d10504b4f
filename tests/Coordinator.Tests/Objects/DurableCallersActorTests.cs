using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// <see cref="DurableCallersActor"/> repeats a call until it is answered, and the end of a process until it is confirmed.
/// </summary>
public sealed class DurableCallersActorTests : PatientTestKit
{
    private static readonly ObjectId Id = ObjectId.FromDurableName("queue", 0);

    private readonly TestProbe _object;
    private readonly TestProbe _others;
    private readonly TestProbe _process;
    private readonly IActorRef _callers;

    public DurableCallersActorTests()
    {
        (_object, _others, _process) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var (shared, others) = (_object.Ref, _others.Ref);
        var entry = CreateTestProbe();
        _callers = Sys.ActorOf(Props.Create(() => new DurableCallersActor(shared, entry, others)));
        entry.SetAutoPilot(new DelegateAutoPilot((_, message) =>
        {
            _callers.Tell(message);
            return AutoPilot.KeepRunning;
        }));
    }

    [Fact]
    public void Call_Lost_IsRepeatedAndAnsweredWithItsOwnNumber()
    {
        _callers.Tell(ObjectCalls.Get(42, target: Id), _process);
        var lost = _object.ExpectMsg<DurableObjectProtocol.CallDurableObject>();
        var here = _object.FishForMessage<DurableObjectProtocol.CallerHeartbeat>(said => said.Overdue.Length > 0);
        _callers.Tell(new DurableObjectProtocol.CallerHeartbeatReply(Id, here.Caller, here.Number, here.Overdue), _object);
        var again = _object.FishForMessage<DurableObjectProtocol.CallDurableObject>(_ => true);
        Assert.Equal((lost.Caller, lost.Call.Call), (again.Caller, again.Call.Call));

        var reply = new ObjectReply(again.Call.Call, ObjectStatus.Ok, 1, [new byte[] { 7 }]);
        _callers.Tell(new DurableObjectProtocol.DurableObjectReply(Id, again.Caller, reply), _object);
        _callers.Tell(new DurableObjectProtocol.DurableObjectReply(Id, again.Caller, reply), _object);

        Assert.Equal([7], _process.ExpectMsg<ObjectReply>(answer => Assert.Equal(42, answer.Call)).Items());
        _callers.Tell(new ObjectReplyReceived(Id, 42), _process);
        _object.FishForMessage<DurableObjectProtocol.DurableReplyReceived>(received => received.Call == again.Call.Call);
        _process.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Process_Dies_LeaveIsRepeatedUntilConfirmed()
    {
        _callers.Tell(ObjectCalls.Get(1, target: Id), _process);
        var ask = _object.ExpectMsg<DurableObjectProtocol.CallDurableObject>();
        _callers.Tell(new DurableObjectProtocol.DurableObjectReply(Id, ask.Caller,
            new ObjectReply(1, ObjectStatus.Ok, 1, [new byte[] { 7 }])), _object);
        _process.ExpectMsg<ObjectReply>();

        Sys.Stop(_process);

        for (var i = 0; i < 2; i++)
        {
            var here = _object.FishForMessage<DurableObjectProtocol.CallerHeartbeat>(said => said.IsLeaving);
            Assert.Equal([new CallRange(1, 1)], here.Open.AddRange(here.Overdue).ToArray());
        }
    }

    [Fact]
    public void Process_DiesWhileItsObjectHasFailed_IsForgotten()
    {
        var own = ObjectId.FromDurableName("queue", 5);
        _callers.Tell(new DurableCallersActor.AddStore(own.StoreNumber, _object));
        _callers.Tell(ObjectCalls.Get(1, target: own), _process);
        var caller = _object.ExpectMsg<DurableObjectProtocol.CallDurableObject>().Caller;
        Sys.Stop(_process);
        _object.FishForMessage<DurableObjectProtocol.CallerHeartbeat>(said => said.IsLeaving);

        var interrupted = new DurableObjectProtocol.DurableObjectInterrupted(own, caller, "It was taken over.");
        _callers.Tell(interrupted, _object);

        // An answer to an unknown caller is answered at once with its end. Earlier messages may arrive before.
        _callers.Tell(new DurableObjectProtocol.DurableObjectReply(own, caller, new ObjectReply(1, ObjectStatus.Ok, 0, [])), _object);
        _object.FishForMessage<DurableObjectProtocol.CallerHeartbeat>(said => said.Last == 0);
    }

    [Fact]
    public void Call_UnknownStore_IsForwarded()
    {
        _callers.Tell(ObjectCalls.Get(1, target: ObjectId.FromDurableName("queue", 5)), _process);
        _others.ExpectMsg<ObjectCall>();
    }
}
