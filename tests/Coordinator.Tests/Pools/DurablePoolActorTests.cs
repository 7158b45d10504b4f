using System.Collections.Immutable;
using Actors.Coordinator.Journals;
using Actors.Coordinator.Nodes;
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

/// <summary><see cref="DurablePoolActor"/> with a journal in memory.</summary>
public sealed class DurablePoolActorTests : PatientTestKit
{
    private const string Snapshots = "akka.persistence.snapshot-store.inmem";

    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private static readonly JournalPlugins Plugins = new("akka.persistence.journal.inmem", Snapshots);

    private readonly TestProbe _nodes;

    public DurablePoolActorTests()
        : base(FullJournal.At("full-journal")) => _nodes = CreateTestProbe();

    [Fact]
    public void Load_ManyJobs_LogsProgress()
    {
        const int Jobs = 250_000;
        var (id, test) = (PoolId.New(), TestActor);
        var journal = Sys.ActorOf(Props.Create(() => new JournalActor(DurablePoolActor.JournalPrefix + id, test, Plugins)));
        ExpectMsg<JournalProtocol.ReadCompleted>();
        for (var first = 1; first <= Jobs; first += 50_000)
        {
            var jobs = Enumerable.Range(first, 50_000)
                .Select(job => new JobSpec(new JobId(job), new FunctionRef("f", default), default, JobPolicy.Once));
            journal.Tell(new JournalProtocol.WriteRecord(
                new PoolRecord(0, PoolSchedule.Spec() with { Name = "jobs" }, [.. jobs], [], [], [], [], false)));
            ExpectMsg<JournalProtocol.RecordWritten>();
        }

        Sys.EventStream.Subscribe(TestActor, typeof(DurablePoolEvent));
        Sys.ActorOf(Props.Create(() => new DurablePoolActor(id, test, Plugins, TimeProvider.System, "farewell")));

        Assert.Equal(new DurablePoolEvent.Loading("jobs", 100_000), ExpectMsg<DurablePoolEvent>());
        Assert.Equal(new DurablePoolEvent.Loading("jobs", 200_000), ExpectMsg<DurablePoolEvent>());
        Assert.Equal(Jobs, ((DurablePoolEvent.Started)FishForMessage(message => message is DurablePoolEvent.Started)).Pending);
    }

    [Fact]
    public void Failure_ManyJobs_IsWrittenInSmallRecords()
    {
        const int Jobs = 20_000;
        var id = PoolId.New();
        var (_, client, pool) = Open(id, Plugins, Jobs);

        FailToStart(new string('x', 1000));

        client.ExpectMsg<PoolProtocol.PoolFailed>();
        pool.Tell(new PoolProtocol.ClosePool(), client);
        for (var ended = 0; ended < Jobs;)
            ended += ((PoolProtocol.JobsEnded)client.FishForMessage(message => message is PoolProtocol.JobsEnded)).Outcomes.Length;
        client.FishForMessage(message => message is PoolProtocol.PoolFinished);
        var reader = CreateTestProbe();
        Sys.ActorOf(Props.Create(() => new JournalActor(DurablePoolActor.JournalPrefix + id, reader.Ref, Plugins)));
        var ends = new List<ImmutableArray<JobOutcome>>();
        while (reader.ExpectMsg<object>() is JournalProtocol.RecordRead { Record: PoolRecord record })
            ends.Add(record.Ended);
        Assert.Equal(Jobs, ends.Sum(ended => ended.Length));
        Assert.All(ends, ended => Assert.InRange(ended.Sum(WireLimits.SizeOf), 0, WireLimits.LargestBatch + (4 << 20)));
    }

    /// <summary>The jobs were on their way when the pool failed. Their client is told, and nothing is retained.</summary>
    [Fact]
    public void Submit_PoolHasFailed_EndsTheJobsAndRetainsNothing()
    {
        var (_, client, pool) = Open(PoolId.New(), Plugins, 1);
        FailToStart("no code");
        client.FishForMessage(message => message is PoolProtocol.JobsEnded);

        pool.Tell(new PoolProtocol.SubmitJobs([new JobSpec(new JobId(2), new FunctionRef("f", default), default, new JobPolicy(0, 3))]),
            client);

        var ended = Assert.Single(client.ExpectMsg<PoolProtocol.JobsEnded>().Outcomes);
        Assert.Equal((new JobId(2), JobStatus.PoolFailed), (ended.Id, ended.Status));
        client.ExpectMsg<PoolProtocol.JobsAccepted>();
        Assert.Equal(JobStatus.Unknown, Attach(pool, client, 2));
        pool.Tell(new PoolProtocol.ClosePool(), client);
        client.ExpectMsg<PoolProtocol.PoolFinished>();
    }

    /// <summary>A program that opens the pool again runs its jobs: the reason of the failure may be gone.</summary>
    [Fact]
    public void Open_PoolHasFailed_RunsJobsOfTheNewSession()
    {
        var id = PoolId.New();
        var (_, first, pool) = Open(id, Plugins, 1);
        FailToStart("no code");
        first.FishForMessage(message => message is PoolProtocol.JobsEnded);
        var second = OpenAgain(id, pool);

        pool.Tell(new PoolProtocol.SubmitJobs([Job(SessionRange.Size + 1)]), second);

        second.ExpectMsg<PoolProtocol.JobsAccepted>();
        _nodes.FishForMessage(message => message is NodesProtocol.RequestExecutors);
    }

    [Fact]
    public void Detach_WhileAnotherOpens_LeavesThePoolToIt()
    {
        var id = PoolId.New();
        var (parent, first, pool) = Open(id, Plugins, 2);
        pool.Tell(new PoolProtocol.TerminatePool(), first);
        first.FishForMessage(message => message is PoolProtocol.PoolFinished);
        var second = CreateTestProbe();

        AtOnce(pool, () =>
        {
            pool.Tell(new PoolProtocol.ForgetOutcomes([new JobId(1)]), first);
            pool.Tell(new PoolProtocol.OpenPool(id, PoolSchedule.Spec() with { Name = "jobs" }), second);
            pool.Tell(new PoolProtocol.DetachFromPool(Unload: true), first);
        });

        second.ExpectMsg<PoolProtocol.PoolOpened>();
        Assert.Equal(JobStatus.Canceled, Attach(pool, second, 2));
        parent.ExpectNoMsg(TimeSpan.Zero);
    }

    /// <summary>The client sends the submission again. A pool without a client would refuse it.</summary>
    [Fact]
    public void Detach_BeforeALostSubmission_IsIgnored()
    {
        var (_, client, pool) = Open(PoolId.New(), Plugins, 1);
        var detach = new PoolProtocol.DetachFromPool(Unload: false, Submitted: 1);

        pool.Tell(detach, client);
        pool.Tell(new PoolProtocol.SubmitJobs([Job(2)], Number: 1), client);

        Assert.Equal(1, client.ExpectMsg<PoolProtocol.JobsAccepted>().Number);
        // The answer may be lost too.
        for (var request = 0; request < 2; request++)
        {
            pool.Tell(detach, client);
            client.ExpectMsg<PoolProtocol.PoolFinished>();
        }
    }

    /// <summary>The shard of the pool loads it again.</summary>
    [Fact]
    public void Failure_CannotBeWritten_StopsWithoutNotice()
    {
        var (_, client, pool) = Open(PoolId.New(), new JournalPlugins("full-journal", Snapshots), 3);

        FailToStart("no code");

        Watch(pool);
        client.FishForMessage(message => message is PoolProtocol.PoolInterrupted);
        ExpectTerminated(pool);
    }

    [Fact]
    public void Start_CannotBeWritten_StopsWithoutNotice()
    {
        var id = PoolId.New();
        var (_, client, pool) = Open(id, new JournalPlugins("full-journal", Snapshots), 3);
        var (executor, executorId, node, next) = (CreateTestProbe(), ExecutorId.New(), NodeId.New(), CreateTestProbe());
        var build = FindBuild();
        build.Tell(new NodeProtocol.ExecutorStarting(executorId, node), executor);

        // The pool is opened again while it waits for its executor to end.
        pool.Tell(new PoolProtocol.DetachFromPool(Unload: true), client);
        pool.Tell(new PoolProtocol.OpenPool(id, PoolSchedule.Spec() with { Name = "jobs" }), next);
        build.Tell(
            new NodeProtocol.ExecutorExited(executorId, node, "node", 0, new ExecutorExit(ExecutorExitReason.Killed, null, ""), default,
                default, null), executor);

        Watch(pool);
        next.FishForMessage(message => message is PoolProtocol.PoolInterrupted);
        ExpectTerminated(pool);
    }

    /// <summary>The pool starts a job when it is written. By then the job is canceled.</summary>
    [Fact]
    public void Cancel_RightAfterSubmit_EndsTheJob()
    {
        var (_, client, pool) = Open(PoolId.New(), Plugins, 1);
        var job = new JobId(2);

        AtOnce(pool, () =>
        {
            pool.Tell(new PoolProtocol.SubmitJobs([Job(2)]), client);
            pool.Tell(new PoolProtocol.CancelJobs([job]), client);
        });

        var ended = (PoolProtocol.JobsEnded)client.FishForMessage(message => message is PoolProtocol.JobsEnded);
        Assert.Equal((job, JobStatus.Canceled), (Assert.Single(ended.Outcomes).Id, ended.Outcomes[0].Status));
    }

    [Fact]
    public void Outcome_NotAcknowledged_IsRetainedForItsTime()
    {
        var clock = new ToldClock();
        var (_, client, pool) = Open(PoolId.New(), Plugins, 2, clock);
        Cancel(1);
        clock.Pass(Kept / 2);
        Cancel(2);
        Assert.Equal(JobStatus.Canceled, Attach(pool, client, 1));

        clock.Pass(Kept / 2);
        IsForgotten(1);
        // The other outcome still has half of its retention time.
        Assert.Equal(JobStatus.Canceled, Attach(pool, client, 2));
        clock.Pass(Kept / 2);
        IsForgotten(2);

        void Cancel(int job)
        {
            pool.Tell(new PoolProtocol.CancelJobs([new JobId(job)]), client);
            client.ExpectMsg<PoolProtocol.JobsEnded>();
        }

        // The pool checks the clock a few times a second.
        void IsForgotten(int job) => AwaitAssert(
            () => Assert.Equal(JobStatus.Unknown, Attach(pool, client, job)), interval: TimeSpan.FromMilliseconds(50));
    }

    /// <summary>A new client attaches to one job after the other, so the pool must not report its end before.</summary>
    [Fact]
    public void Open_PoolHasEnded_ReturnsRetainedOutcomes()
    {
        var id = PoolId.New();
        var (parent, first, pool) = Open(id, Plugins, 2);
        CloseForAll(id, pool);
        first.FishForMessage(message => message is PoolProtocol.PoolFinished);
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);

        var second = OpenAgain(id, pool, isClosed: true);
        foreach (var job in new[] { 1, 2 })
        {
            Assert.Equal(JobStatus.Canceled, Attach(pool, second, job));
            pool.Tell(new PoolProtocol.ForgetOutcomes([new JobId(job)]), second);
        }

        // The pool may still write that the outcomes are forgotten, and that the first client has left.
        AwaitAssert(() => Assert.Empty(ListJobs(pool, id)));
        Assert.Equal(JobStatus.Unknown, Attach(pool, second, 1));
        pool.Tell(new PoolProtocol.DetachFromPool(Unload: false), second);
        second.ExpectMsg<PoolProtocol.PoolFinished>();
        parent.FishForMessage(message => message is "farewell");
    }

    /// <summary>The record of the first outcome would let the pool be deleted before the second is written.</summary>
    [Fact]
    public void Close_RightAfterTheLastResult_IsAnswered()
    {
        var id = PoolId.New();
        var (_, first, pool) = Open(id, Plugins, 1);
        CloseForAll(id, pool);
        first.FishForMessage(message => message is PoolProtocol.PoolFinished);
        var second = OpenAgain(id, pool, isClosed: true);

        AtOnce(pool, () =>
        {
            pool.Tell(new PoolProtocol.ForgetOutcomes([new JobId(1)]), second);
            pool.Tell(new PoolProtocol.ClosePool(), second);
        });

        second.ExpectMsg<PoolProtocol.PoolFinished>();
    }

    /// <summary>A client repeats its request until the pool is opened, and may therefore open it twice.</summary>
    [Fact]
    public void Close_OpenArrivedTwice_IsAnswered()
    {
        var id = PoolId.New();
        var (_, client, pool) = Open(id, Plugins, 1);

        AtOnce(pool, () =>
        {
            pool.Tell(new PoolProtocol.CancelJobs([new JobId(1)]), client);
            pool.Tell(new PoolProtocol.OpenPool(id, PoolSchedule.Spec() with { Name = "jobs" }), client);
            pool.Tell(new PoolProtocol.ClosePool(), client);
        });

        client.FishForMessage(message => message is PoolProtocol.PoolFinished);
    }

    [Fact]
    public void Close_PoolHasEnded_IsAnswered()
    {
        var id = PoolId.New();
        var (_, first, pool) = Open(id, Plugins, 1);
        CloseForAll(id, pool);
        first.FishForMessage(message => message is PoolProtocol.PoolFinished);
        var second = OpenAgain(id, pool, isClosed: true);

        pool.Tell(new PoolProtocol.ClosePool(), second);

        second.ExpectMsg<PoolProtocol.PoolFinished>();
    }

    /// <summary>The client does not end the jobs of its session itself, and may have been disconnected before it was told.</summary>
    [Fact]
    public void Terminate_WithJobs_EndsEachAndAnswersAttach()
    {
        var (_, client, pool) = Open(PoolId.New(), Plugins, 1);

        pool.Tell(new PoolProtocol.TerminatePool(), client);

        var ended = (PoolProtocol.JobsEnded)client.FishForMessage(message => message is PoolProtocol.JobsEnded);
        Assert.Equal(JobStatus.Canceled, Assert.Single(ended.Outcomes).Status);
        client.FishForMessage(message => message is PoolProtocol.PoolFinished);
        Assert.Equal(JobStatus.Canceled, Attach(pool, client, 1));
    }

    /// <summary>The client receives the outcome, and neither the pool nor its store has it afterwards.</summary>
    [Fact]
    public void End_PoolDropsOutcomes_SendsAndForgetsThem()
    {
        var id = PoolId.New();
        var (client, nodes) = (CreateTestProbe(), CreateTestProbe().Ref);
        var pool = Sys.ActorOf(Props.Create(() => new DurablePoolActor(id, nodes, Plugins, TimeProvider.System, "farewell")));
        pool.Tell(new PoolProtocol.OpenPool(id, PoolSchedule.Spec() with { Name = "jobs", DropsOutcomes = true }), client);
        client.ExpectMsg<PoolProtocol.PoolOpened>();
        JobSpec Job(int number) => new(new JobId(number), new FunctionRef("f", default), default, new JobPolicy(0, 3, 0, "key"));
        pool.Tell(new PoolProtocol.SubmitJobs([Job(1)], Number: 1), client);
        Assert.Empty(client.ExpectMsg<PoolProtocol.KeyedJobsAccepted>().Existing);

        pool.Tell(new PoolProtocol.CancelJobs([new JobId(1)]), client);

        Assert.Equal(JobStatus.Canceled, Assert.Single(client.ExpectMsg<PoolProtocol.JobsEnded>().Outcomes).Status);
        pool.Tell(new PoolProtocol.AttachToJobs([new JobId(1)]), client);
        Assert.Equal(JobStatus.Unknown, Assert.Single(client.ExpectMsg<PoolProtocol.JobsEnded>().Outcomes).Status);
        // The key is forgotten with the outcome.
        pool.Tell(new PoolProtocol.SubmitJobs([Job(2)], Number: 2), client);
        Assert.Empty(client.ExpectMsg<PoolProtocol.KeyedJobsAccepted>().Existing);
    }

    /// <summary>The answer is lost when the connection drops it. The client compares, and receives it again.</summary>
    [Fact]
    public void Attach_NothingSubmitted_RetainsTheOutcomeUntilItIsAcknowledged()
    {
        var id = PoolId.New();
        var (_, first, pool) = Open(id, Plugins, 1);
        pool.Tell(new PoolProtocol.CancelJobs([new JobId(1)]), first);
        first.ExpectMsg<PoolProtocol.JobsEnded>();
        var second = CreateTestProbe();
        pool.Tell(new PoolProtocol.OpenPool(id, PoolSchedule.Spec() with { Name = "jobs" }), second);
        second.ExpectMsg<PoolProtocol.PoolOpened>();

        pool.Tell(new PoolProtocol.AttachToJobs([new JobId(1)]), second);
        pool.Tell(new PoolProtocol.ClosePool(), second);

        var answer = second.ExpectMsg<PoolProtocol.JobsEnded>();
        Assert.Equal(1, answer.Number);
        Assert.Equal(1, second.ExpectMsg<PoolProtocol.PoolFinished>().LastEnded);
        pool.Tell(new PoolProtocol.ComparePool(0, []), second);
        Assert.Equal(answer.Outcomes, second.ExpectMsg<PoolProtocol.JobsEnded>().Outcomes);
    }

    private (TestProbe Parent, TestProbe Client, IActorRef Pool) Open(PoolId id, JournalPlugins plugins, int jobs,
        TimeProvider? clock = null)
    {
        var (parent, client, nodes, time) = (CreateTestProbe(), CreateTestProbe(), _nodes.Ref, clock ?? TimeProvider.System);
        var pool = parent.ChildActorOf(Props.Create(() => new DurablePoolActor(id, nodes, plugins, time, "farewell")));
        var spec = PoolSchedule.Spec() with { Name = "jobs", ResultRetentionMilliseconds = (long)Kept.TotalMilliseconds };
        pool.Tell(new PoolProtocol.OpenPool(id, spec), client);
        client.ExpectMsg<PoolProtocol.PoolOpened>();
        pool.Tell(new PoolProtocol.SubmitJobs(
            [.. Enumerable.Range(1, jobs).Select(job => Job(job))]), client);
        client.ExpectMsg<PoolProtocol.JobsAccepted>();
        return (parent, client, pool);
    }

    /// <summary>Opens the pool for another client.</summary>
    private TestProbe OpenAgain(PoolId id, IActorRef pool, bool isClosed = false)
    {
        var client = CreateTestProbe();
        pool.Tell(new PoolProtocol.OpenPool(id, PoolSchedule.Spec() with { Name = "jobs" }), client);
        Assert.Equal(isClosed, client.ExpectMsg<PoolProtocol.PoolOpened>().IsClosed);
        return client;
    }

    /// <summary>Cancels all jobs, and closes the pool for all programs.</summary>
    private void CloseForAll(PoolId id, IActorRef pool)
    {
        var other = CreateTestProbe();
        pool.Tell(new PoolProtocol.CloseDurablePool(id, CancelsJobs: true), other);
        Assert.True(other.ExpectMsg<PoolProtocol.DurablePoolClosed>().Exists);
    }

    private ImmutableArray<PoolProtocol.ListedJob> ListJobs(IActorRef pool, PoolId id)
    {
        var tool = CreateTestProbe();
        pool.Tell(new PoolProtocol.ListJobs(id, default, 10), tool);
        return tool.ExpectMsg<PoolProtocol.JobsListed>().Jobs;
    }

    private static JobStatus Attach(IActorRef pool, TestProbe client, long job)
    {
        pool.Tell(new PoolProtocol.AttachToJobs([new JobId(job)]), client);
        return Assert.Single(client.ExpectMsg<PoolProtocol.JobsEnded>().Outcomes).Status;
    }

    private static JobSpec Job(long id) => new(new JobId(id), new FunctionRef("f", default), default, new JobPolicy(0, 3));

    /// <summary>Finds the actor that runs the jobs.</summary>
    private IActorRef FindBuild()
    {
        _nodes.FishForMessage(message => message is NodesProtocol.RequestExecutors);
        return _nodes.LastSender;
    }

    /// <summary>Sends all messages before the pool handles the first, so that nothing is written in between.</summary>
    private static void AtOnce(IActorRef pool, Action tell)
    {
        var mailbox = (IInternalActorRef)pool;
        mailbox.Suspend();
        tell();
        mailbox.Resume(null);
    }

    /// <summary>Fails as many starts as make the pool fail.</summary>
    private void FailToStart(string reason)
    {
        var (build, executor, node) = (FindBuild(), CreateTestProbe(), NodeId.New());
        for (var i = 0; i < 3; i++)
        {
            var id = ExecutorId.New();
            build.Tell(new NodeProtocol.ExecutorStarting(id, node), executor);
            build.Tell(
                new NodeProtocol.ExecutorExited(
                    id, node, "node", 0, new ExecutorExit(ExecutorExitReason.StartFailed, null, ""), default, default,
                        FailureInfo.FromMessage("T", reason)), executor);
        }
    }

    /// <summary>A clock that advances only on request.</summary>
    private sealed class ToldClock : TimeProvider
    {
        private long _ticks = DateTimeOffset.UnixEpoch.Ticks;

        public void Pass(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

        public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
    }
}
