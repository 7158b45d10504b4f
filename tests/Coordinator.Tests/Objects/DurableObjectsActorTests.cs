using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Coordinator.Tests.Objects;

public sealed class DurableObjectsActorTests : PatientTestKit
{
    private static readonly ObjectId Id = ObjectId.FromDurableName("queue", 7);

    [Fact]
    public void Call_ObjectFailed_LoadsItAgain()
    {
        var objects = StartObjects($"store {Guid.NewGuid()}");
        var here = CreateHeartbeat();
        objects.Tell(here, TestActor);
        ExpectMsg<DurableObjectProtocol.CallerHeartbeatReply>();

        Sys.ActorSelection(objects.Path / "*").Tell(new Identify(0), TestActor);
        var loaded = ExpectMsg<ActorIdentity>().Subject;
        Watch(loaded);
        loaded.Tell(Kill.Instance);
        ExpectTerminated(loaded);

        // The parent may learn of it a moment later.
        AwaitAssert(() =>
        {
            objects.Tell(here, TestActor);
            ExpectMsg<DurableObjectProtocol.CallerHeartbeatReply>(TimeSpan.FromSeconds(1));
        });
    }

    /// <summary>The second program would take over the journal, and the first one could write nothing more.</summary>
    [Fact]
    public void Call_QueueIsOpenInAnotherProgram_IsRefusedUntilThatEnds()
    {
        var store = $"store {Guid.NewGuid()}";
        var (first, second) = (StartObjects(store), StartObjects(store));
        first.Tell(CreateHeartbeat(), TestActor);
        ExpectMsg<DurableObjectProtocol.CallerHeartbeatReply>();
        var refused = CreateHeartbeat();

        second.Tell(refused, TestActor);

        var refusal = ExpectMsg<DurableObjectProtocol.DurableObjectInterrupted>();
        Assert.Equal((Id, refused.Caller), (refusal.Object, refusal.Caller));
        Assert.Contains("one program at a time", refusal.Reason, StringComparison.Ordinal);
        first.Tell(new DurableObjectsActor.UnloadObject(Id), TestActor);
        ExpectMsg<DurableObjectsActor.UnloadObject>();
        // A program that was refused does not take the queue later without a call.
        second.Tell(refused, TestActor);
        ExpectMsg<DurableObjectProtocol.DurableObjectInterrupted>();
        second.Tell(CreateOpen(), TestActor);
        Assert.Equal(ObjectStatus.Ok, ExpectMsg<DurableObjectProtocol.DurableObjectReply>().Reply.Status);
        first.Tell(CreateOpen(), TestActor);
        ExpectMsg<DurableObjectProtocol.DurableObjectInterrupted>();
    }

    private static DurableObjectProtocol.CallDurableObject CreateOpen() => new(
        Id, CallerId.New(), 1, new DurableOpen(new DurableObjectSpec("queue", ObjectKind.Queue, "T"), 0).ToCall(Id, 1, -1));

    private static DurableObjectProtocol.CallerHeartbeat CreateHeartbeat() =>
        new(Id, CallerId.New(), 0, 1, [new CallRange(1, 1)], [], [], IsLeaving: false);

    private IActorRef StartObjects(string store)
    {
        var plugins = new JournalPlugins("akka.persistence.journal.inmem", "akka.persistence.snapshot-store.inmem");
        return Sys.ActorOf(Props.Create(() => new DurableObjectsActor(plugins, store)));
    }
}
