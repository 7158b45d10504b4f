using Actors.Coordinator.Journals;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Coordinator.Tests.Pools;

public sealed class DurablePoolsActorTests : PatientTestKit
{
    [Fact]
    public void Find_PoolFailed_LoadsItAgain()
    {
        var (nodes, id) = (CreateTestProbe().Ref, PoolId.New());
        var plugins = new JournalPlugins("akka.persistence.journal.inmem", "akka.persistence.snapshot-store.inmem");
        var pools = Sys.ActorOf(Props.Create(() => new DurablePoolsActor(nodes, plugins)));
        pools.Tell(new PoolProtocol.FindPool(id), TestActor);
        var found = ExpectMsg<PoolProtocol.PoolFound>();
        Watch(LastSender);

        LastSender.Tell(Kill.Instance);
        ExpectMsg<Terminated>();

        // The parent may learn of it a moment later.
        AwaitAssert(() =>
        {
            pools.Tell(new PoolProtocol.FindPool(id), TestActor);
            Assert.NotEqual(found.Path, ExpectMsg<PoolProtocol.PoolFound>(TimeSpan.FromSeconds(1)).Path);
        });
    }
}
