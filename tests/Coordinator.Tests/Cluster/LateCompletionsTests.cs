using Actors.Coordinator.Cluster;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace Actors.Coordinator.Tests.Cluster;

/// <summary>Job outcomes that arrive after their pool has left.</summary>
public sealed class LateCompletionsTests : TestKit
{
    private static readonly NodeProtocol.JobsDone ThreeDone = new(
        default, [.. Enumerable.Range(1, 3).Select(id => new JobOutcome(new JobId(id), JobStatus.Succeeded, default, null, 1))], 0);

    public LateCompletionsTests()
    {
        LateCompletions.StartCounting(Sys, TimeSpan.Zero);
        Sys.EventStream.Subscribe(TestActor, typeof(DurablePoolEvent));
    }

    [Fact]
    public void Completions_DurablePoolHasLeft_AreCounted()
    {
        Gone("durable-pools").Tell(ThreeDone);

        Assert.Equal(3, ExpectMsg<DurablePoolEvent.OutcomesRefused>().Refused);
    }

    [Fact]
    public void Completions_OtherPool_AreNotCounted()
    {
        Gone("pools").Tell(ThreeDone);
        Gone("durable-pools").Tell(ThreeDone);

        ExpectMsg<DurablePoolEvent>();
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void OtherMessages_DurablePoolHasLeft_AreNotCounted()
    {
        Gone("durable-pools").Tell("something else");
        Gone("durable-pools").Tell(ThreeDone);

        ExpectMsg<DurablePoolEvent>();
        ExpectNoMsg(TimeSpan.Zero);
    }

    /// <summary>Creates the dead reference of a build of a shard entity: region, shard, entity, build.</summary>
    private EmptyLocalActorRef Gone(string all)
    {
        var system = (ExtendedActorSystem)Sys;
        return new EmptyLocalActorRef(system.Provider, system.Guardian.Path / all / "7" / PoolId.FromName("pool").ToString() / "build",
            Sys.EventStream);
    }
}
