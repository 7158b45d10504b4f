using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Coordinator.Tests.Objects;

public sealed class DurableObjectsActorTests : PatientTestKit
{
    private static readonly ObjectId Id = ObjectId.FromDurableName("queue", 7);

    [Fact]
    public void Call_ObjectFailed_LoadsItAgain()
    {
        var plugins = new JournalPlugins("akka.persistence.journal.inmem", "akka.persistence.snapshot-store.inmem");
        var objects = Sys.ActorOf(Props.Create(() => new DurableObjectsActor(plugins)));
        var here = new DurableObjectProtocol.CallerHeartbeat(Id, CallerId.New(), 0, 1, [new CallRange(1, 1)], [], [], IsLeaving: false);
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
}
