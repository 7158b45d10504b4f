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
        var id = PoolId.New();
        var pools = StartPools($"store {id}");
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

    /// <summary>The second program would take over the journal, and the first one could write nothing more.</summary>
    [Fact]
    public void Find_PoolIsOpenInAnotherProgram_IsRefusedUntilThatEnds()
    {
        var id = PoolId.New();
        var (first, second) = (StartPools($"store {id}"), StartPools($"store {id}"));
        first.Tell(new PoolProtocol.FindPool(id), TestActor);
        ExpectMsg<PoolProtocol.PoolFound>();

        second.Tell(new PoolProtocol.FindPool(id), TestActor);

        Assert.Contains("one program at a time", ExpectMsg<PoolProtocol.PoolInterrupted>().Reason, StringComparison.Ordinal);
        second.Tell(new PoolProtocol.FindPool(PoolId.New()), TestActor);
        ExpectMsg<PoolProtocol.PoolFound>();
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);
        second.Tell(new PoolProtocol.FindPool(id), TestActor);
        ExpectMsg<PoolProtocol.PoolFound>();
    }

    private IActorRef StartPools(string store)
    {
        var nodes = CreateTestProbe().Ref;
        var plugins = new JournalPlugins("akka.persistence.journal.inmem", "akka.persistence.snapshot-store.inmem");
        return Sys.ActorOf(Props.Create(() => new DurablePoolsActor(nodes, plugins, store)));
    }
}
