using Actors.Coordinator.Journals;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>
/// Clients fill durable pools, leave, and come back as others. The coordinator refuses jobs and pools above its limits. Accepted jobs stay.
/// </summary>
public sealed class DurablePoolLimitTests : DurablePoolTestKit
{
    private const string Limits =
        "actors.durable-limits { memory = 1MiB, memory-each = 512KiB, store-space = 1GiB, store-check-interval = 10s }";

    public DurablePoolLimitTests()
        : base(Limits)
    {
    }

    private DurableUsage Usage => DurableUsage.FindUsage(Sys)!;

    [Fact]
    public void SubmitJobs_ClientsThatLeave_AreRefusedAboveTheLimitOfThePool()
    {
        var pool = StartPool("pool");
        var refusals = new List<string?>();
        for (var client = 0; client < 20; client++)
        {
            var session = Open(pool, "pool");
            refusals.Add(Submit(session, 1, 100 << 10));
            Sys.Stop(session.Client);
        }

        Assert.Equal(4, refusals.Count(refusal => refusal is null));
        Assert.All(
            refusals.Skip(4),
            refusal => Assert.StartsWith(
                "The durable pool 'pool' keeps as much as one durable pool or queue may: 524,288 bytes", refusal));
        Assert.All(refusals.Skip(4), refusal => Assert.Contains("actors.durable-limits.memory-each", refusal));
        Assert.InRange(Usage.Memory, 400 << 10, 512 << 10);
    }

    /// <summary>A program can always connect. The jobs that it ends make room.</summary>
    [Fact]
    public void SubmitJobs_JobsWereForgotten_AreAccepted()
    {
        var pool = StartPool("pool");
        var first = Open(pool, "pool");
        Assert.Null(Submit(first, 1, 400 << 10));
        var second = Open(pool, "pool");
        Assert.NotNull(Submit(second, 1, 100 << 10));

        second.Pool.Tell(new PoolProtocol.CancelJobs([first.Job(1)]), second.Client);
        first.Client.ExpectMsg<PoolProtocol.JobsEnded>();
        first.Pool.Tell(new PoolProtocol.ForgetOutcomes([first.Job(1)]), first.Client);

        AwaitAssert(() => Assert.InRange(Usage.Memory, 0, 100 << 10));
        Assert.Null(Submit(second, 2, 100 << 10));
    }

    [Fact]
    public void SubmitJobs_SeveralPools_AreRefusedAboveTheTotal()
    {
        var refusals = Enumerable.Range(1, 4).Select(pool => Submit(Open(StartPool($"{pool}"), $"{pool}"), 1, 300 << 10)).ToList();

        Assert.Equal([true, true, true, false], refusals.Select(refusal => refusal is null));
        Assert.Contains("actors.durable-limits.memory (", refusals[3], StringComparison.Ordinal);
    }

    [Fact]
    public void SubmitJobs_StoreIsFull_AreRefusedUntilItIsSmaller()
    {
        var session = Open(StartPool("pool"), "pool");
        Usage.SetStoreSize(2L << 30);
        Assert.Contains("actors.durable-limits.store-space", Submit(session, 1, 10), StringComparison.Ordinal);
        Usage.SetStoreSize(1L << 30);
        Assert.Null(Submit(session, 2, 10));
    }

    [Fact]
    public void SubmitJobs_KeyOfAnExistingJob_IsAnsweredAboveTheLimit()
    {
        var pool = StartPool("pool");
        var first = Open(pool, "pool");
        pool.Tell(new PoolProtocol.SubmitJobs([first.Create(1, 400 << 10, "key")], Number: 1), first.Client);
        first.Client.ExpectMsg<PoolProtocol.KeyedJobsAccepted>();
        var second = Open(pool, "pool");

        pool.Tell(
            new PoolProtocol.SubmitJobs([second.Create(1, 400 << 10, "key"), second.Create(2, 400 << 10, "other")], Number: 1),
            second.Client);

        var ended = second.Client.ExpectMsg<PoolProtocol.JobsEnded>();
        Assert.Equal(second.Job(2), Assert.Single(ended.Outcomes).Id);
        pool.Tell(new PoolProtocol.AcknowledgeJobsEnded(ended.Number), second.Client);
        var existing = Assert.Single(second.Client.ExpectMsg<PoolProtocol.KeyedJobsAccepted>().Existing);
        Assert.Equal(new PoolProtocol.ExistingJob(second.Job(1), first.Job(1), IsSame: true), existing);
    }

    /// <summary>A coordinator that takes over the pool of another one with larger limits runs its jobs.</summary>
    [Fact]
    public void Load_PoolAboveTheLimit_RunsItsJobsAndAcceptsNoMore()
    {
        var job = new JobSpec(new JobId(1), new FunctionRef("f", default), new byte[3 << 20], JobPolicy.Once);
        WriteRecord(PoolId.FromName("pool"), new PoolRecord(0, PoolSchedule.Spec() with { Name = "pool" }, [job], [], [], [], [], false));

        var session = Open(StartPool("pool"), "pool");

        Assert.Equal(new JobId(1), StartExecutor().NextJob().Id);
        Assert.Contains("actors.durable-limits.memory-each", Submit(session, 1, 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Results_AboveTheLimit_PauseThePoolUntilTheyAreForgotten()
    {
        var session = Open(StartPool("pool"), "pool");
        session.Pool.Tell(new PoolProtocol.SubmitJobs([.. Enumerable.Range(1, 10).Select(job => session.Create(job, 1))], Number: 1),
            session.Client);
        session.Client.ExpectMsg<PoolProtocol.JobsAccepted>();
        var executor = StartExecutor();
        for (var done = 1; done <= 3; done++)
        {
            executor.End(executor.NextJob().Id, new byte[200 << 10]);
            session.Client.ExpectMsg<PoolProtocol.JobsEnded>();
            session.Pool.Tell(new PoolProtocol.AcknowledgeJobsEnded(done), session.Client);
        }

        // The client has acknowledged the messages, and has not fetched the results for good.
        var sent = executor.Probe.ReceiveWhile(TimeSpan.FromMilliseconds(300), message => message).OfType<NodeProtocol.RunJobs>().Count();
        session.Pool.Tell(new PoolProtocol.ForgetOutcomes([session.Job(1), session.Job(2)]), session.Client);
        Assert.InRange(sent, 0, 1);
        if (sent == 0)
            executor.Probe.FishForMessage(message => message is NodeProtocol.RunJobs);
    }

    [Fact]
    public void OpenPool_NewPoolsAboveTheTotal_AreRefusedAndNotWritten()
    {
        var pools = Enumerable.Range(0, 40).Select(number => (Name: $"{number}", Actor: StartPool($"{number}"))).ToList();
        var answers = pools.Select(pool =>
        {
            var client = CreateTestProbe();
            pool.Actor.Tell(OpenRequest(pool.Name), client);
            return client.ExpectMsg<object>();
        }).ToList();

        var refused = answers.OfType<PoolProtocol.PoolRefused>().ToList();
        Assert.InRange(refused.Count, 1, 39);
        Assert.All(refused, refusal => Assert.True(refusal.IsOverLimit));
        var reader = CreateTestProbe();
        var last = DurablePoolActor.JournalPrefix + PoolId.FromName(pools[^1].Name);
        Sys.ActorOf(Props.Create(() => new JournalActor(last, reader.Ref, Plugins)));
        reader.ExpectMsg<JournalProtocol.ReadCompleted>();
        // A pool that exists is opened.
        Open(pools[0].Actor, pools[0].Name);
    }

    private IActorRef StartPool(string name) => StartPool(PoolId.FromName(name));

    private static PoolProtocol.OpenPool OpenRequest(string name) =>
        new(PoolId.FromName(name), PoolSchedule.Spec() with { Name = name, ResultRetentionMilliseconds = 3_600_000 });

    private OpenedSession Open(IActorRef pool, string name)
    {
        var client = CreateTestProbe();
        client.IgnoreMessages(message => message is PoolProtocol.WorkerStarted);
        pool.Tell(OpenRequest(name), client);
        return new OpenedSession(pool, client, client.ExpectMsg<PoolProtocol.PoolOpened>().Range);
    }

    /// <returns>The reason of the refusal; null if the job was accepted.</returns>
    private static string? Submit(OpenedSession session, int number, int length)
    {
        session.Pool.Tell(new PoolProtocol.SubmitJobs([session.Create(number, length)], Number: number), session.Client);
        if (session.Client.ExpectMsg<object>() is not PoolProtocol.JobsEnded ended)
            return null;
        // The jobs of a message count as accepted after the client knows which of them are refused.
        session.Pool.Tell(new PoolProtocol.AcknowledgeJobsEnded(ended.Number), session.Client);
        session.Client.ExpectMsg<PoolProtocol.JobsAccepted>();
        return Assert.IsType<ClientLimitException>(FailureConverter.ToException(ended.Outcomes.Single().Failure!, "test")).Message;
    }

    private sealed record OpenedSession(IActorRef Pool, TestProbe Client, long Range)
    {
        public JobId Job(int number) => new(SessionRange.GetStart(Range).Value + number);

        public JobSpec Create(int number, int length, string? key = null) =>
            new(Job(number), new FunctionRef("f", new byte[] { 1 }), new byte[length], new JobPolicy(0, 1, 0, key));
    }
}
