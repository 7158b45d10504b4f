using System.Collections.Immutable;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Pools;
using Actors.Coordinator.Tests.Journals;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>The actor of a durable pool, on a journal in memory.</summary>
public sealed class DurablePoolActorTests : PatientTestKit
{
    private const string Snapshots = "akka.persistence.snapshot-store.inmem";

    private static readonly JournalPlugins Plugins = new("akka.persistence.journal.inmem", Snapshots);

    public DurablePoolActorTests()
        : base(FullJournal.At("full-journal"))
    {
    }

    [Fact]
    public void Reading_OfManyJobs_TellsHowFarItIs()
    {
        const int Jobs = 250_000;
        var (id, test) = (PoolId.New(), TestActor);
        var journal = Sys.ActorOf(Props.Create(() => new JournalActor(DurablePoolActor.JournalPrefix + id, test, Plugins)));
        ExpectMsg<JournalProtocol.Recovered>();
        for (var first = 1; first <= Jobs; first += 50_000)
        {
            var jobs = Enumerable.Range(first, 50_000).Select(job => new JobSpec(new JobId(job), new FunctionRef("f", default), default, 0, 1));
            journal.Tell(new JournalProtocol.Write(new PoolRecord(0, PoolSchedule.Spec() with { Name = "jobs" }, [.. jobs], [], [], [], [], false)));
            ExpectMsg<JournalProtocol.Written>();
        }

        Sys.EventStream.Subscribe(TestActor, typeof(DurableNews));
        Sys.ActorOf(Props.Create(() => new DurablePoolActor(id, test, Plugins, TimeProvider.System, "farewell", null)));

        Assert.Equal($"durable pool 'jobs': reading: {100_000:N0} jobs so far", ExpectMsg<DurableNews>().Text);
        Assert.Equal($"durable pool 'jobs': reading: {200_000:N0} jobs so far", ExpectMsg<DurableNews>().Text);
        Assert.StartsWith($"durable pool 'jobs': is here; {Jobs:N0} jobs wait", ((DurableNews)FishForMessage(message => message is DurableNews)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Failure_OfAPoolWithManyJobs_IsWrittenInRecordsThatAreNotLarge()
    {
        const int Jobs = 20_000;
        var id = PoolId.New();
        var (_, client, pool) = Open(id, Plugins, Jobs);

        FailToStart(pool, new string('x', 1000));

        client.ExpectMsg<PoolProtocol.Failed>();
        for (var ended = 0; ended < Jobs;)
            ended += ((PoolProtocol.Ended)client.FishForMessage(message => message is PoolProtocol.Ended)).Outcomes.Length;
        client.FishForMessage(message => message is PoolProtocol.Finished);
        var reader = CreateTestProbe();
        Sys.ActorOf(Props.Create(() => new JournalActor(DurablePoolActor.JournalPrefix + id, reader.Ref, Plugins)));
        var ends = new List<ImmutableArray<JobOutcome>>();
        while (reader.ExpectMsg<object>() is JournalProtocol.Read { Record: PoolRecord record })
            ends.Add(record.Ended);
        Assert.Equal(Jobs, ends.Sum(ended => ended.Length));
        Assert.All(ends, ended => Assert.InRange(ended.Sum(WireLimits.SizeOf), 0, WireLimits.LargestBatch + (4 << 20)));
    }

    [Fact]
    public void Failure_ThatCannotBeWritten_UnloadsThePool()
    {
        var (parent, client, pool) = Open(PoolId.New(), new JournalPlugins("full-journal", Snapshots), 3);

        FailToStart(pool, "no code");

        client.FishForMessage(message => message is PoolProtocol.Interrupted);
        parent.FishForMessage(message => message is "farewell");
    }

    [Fact]
    public void StartingAgain_ThatCannotBeWritten_UnloadsThePool()
    {
        var id = PoolId.New();
        var (parent, client, pool) = Open(id, new JournalPlugins("full-journal", Snapshots), 3);
        var (executor, executorId, node, next) = (CreateTestProbe(), ExecutorId.New(), NodeId.New(), CreateTestProbe());
        pool.Tell(new NodeProtocol.ExecutorStarting(executorId, node), executor);

        // It is opened again while it waits for its executor to end.
        pool.Tell(new PoolProtocol.Detach(Unload: true), client);
        pool.Tell(new PoolProtocol.Open(id, PoolSchedule.Spec() with { Name = "jobs" }, default), next);
        pool.Tell(
            new NodeProtocol.ExecutorExited(executorId, node, "node", 0, new ExecutorExit(ExecutorExitReason.Killed, null, ""), default, default, null), executor);

        next.FishForMessage(message => message is PoolProtocol.Interrupted);
        parent.FishForMessage(message => message is "farewell");
    }

    private (TestProbe Parent, TestProbe Client, IActorRef Pool) Open(PoolId id, JournalPlugins plugins, int jobs)
    {
        var (parent, client, nodes) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe().Ref);
        var pool = parent.ChildActorOf(Props.Create(() => new DurablePoolActor(id, nodes, plugins, TimeProvider.System, "farewell", null)));
        pool.Tell(new PoolProtocol.Open(id, PoolSchedule.Spec() with { Name = "jobs" }, default), client);
        client.ExpectMsg<PoolProtocol.Opened>();
        pool.Tell(new PoolProtocol.Submit([.. Enumerable.Range(1, jobs).Select(job => new JobSpec(new JobId(job), new FunctionRef("f", default), default, 0, 3))]), client);
        client.ExpectMsg<PoolProtocol.Accepted>();
        return (parent, client, pool);
    }

    /// <summary>As often as makes a pool give up.</summary>
    private void FailToStart(IActorRef pool, string reason)
    {
        var (executor, node) = (CreateTestProbe(), NodeId.New());
        for (var i = 0; i < 3; i++)
        {
            var id = ExecutorId.New();
            pool.Tell(new NodeProtocol.ExecutorStarting(id, node), executor);
            pool.Tell(
                new NodeProtocol.ExecutorExited(
                    id, node, "node", 0, new ExecutorExit(ExecutorExitReason.StartFailed, null, ""), default, default, FailureInfo.Of("T", reason)), executor);
        }
    }
}
