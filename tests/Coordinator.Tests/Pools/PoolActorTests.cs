using Actors.Coordinator.Nodes;
using Actors.Coordinator.Payloads;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Pools;

/// <summary><see cref="PoolActor"/>: its messages to client, executors and nodes.</summary>
public sealed class PoolActorTests : PatientTestKit
{
    private readonly PoolId _id = PoolId.New();
    private readonly NodeId _node = NodeId.New();
    private readonly TestProbe _client;
    private readonly TestProbe _nodes;
    private readonly TestProbe _payloads;
    private readonly IActorRef _pool;

    public PoolActorTests()
    {
        _client = CreateTestProbe();
        _nodes = CreateTestProbe();
        _payloads = CreateTestProbe();
        var open = new PoolProtocol.OpenPool(_id, PoolSchedule.Spec());
        _pool = Sys.ActorOf(Props.Create(() => new PoolActor(open, _client.Ref, _nodes.Ref, _payloads.Ref)));
        Watch(_pool);
        _client.ExpectMsg(new PoolProtocol.PoolOpened(_id, default, false));
        Assert.Equal(2, _nodes.ExpectMsg<NodesProtocol.RequestExecutors>().Executors);
    }

    [Fact]
    public void Submit_WithAReadyExecutor_ReturnsTheOutcome()
    {
        var (id, executor) = Start(_node);
        Submit(1);
        Assert.Equal([new JobId(1)], executor.ExpectMsg<NodeProtocol.RunJobs>().Jobs.Select(job => job.Id));
        _client.ExpectMsg<PoolProtocol.JobsAccepted>();
        _pool.Tell(new NodeProtocol.JobsDone(id, [Succeeded(1)], 10), executor);
        Assert.Equal((new JobId(1), JobStatus.Succeeded), Only(_client.ExpectMsg<PoolProtocol.JobsEnded>()));
    }

    [Fact]
    public void Submit_BeforeAnyExecutor_RunsWhenOneIsReady()
    {
        Submit(1);
        _client.ExpectMsg<PoolProtocol.JobsAccepted>();
        var (_, executor) = Start(_node);
        executor.ExpectMsg<NodeProtocol.RunJobs>();
    }

    /// <summary>The client sends the submission again. A closed pool would drop its jobs.</summary>
    [Fact]
    public void ClosePool_BeforeALostSubmission_IsIgnored()
    {
        var (id, executor) = Start(_node);
        _pool.Tell(new PoolProtocol.ClosePool(Submitted: 1), _client);
        var job = new JobSpec(new JobId(1), new FunctionRef("f", new byte[] { 1 }), default, new JobPolicy(0, 3));
        _pool.Tell(new PoolProtocol.SubmitJobs([job], Number: 1), _client);
        Assert.Equal(new JobId(1), executor.ExpectMsg<NodeProtocol.RunJobs>().Jobs.Single().Id);
        _pool.Tell(new PoolProtocol.ClosePool(Submitted: 1), _client);
        _pool.Tell(new NodeProtocol.JobsDone(id, [Succeeded(1)], 10), executor);
        _client.ExpectMsg<PoolProtocol.JobsAccepted>();
        Assert.Equal((new JobId(1), JobStatus.Succeeded), Only(_client.ExpectMsg<PoolProtocol.JobsEnded>()));
        _nodes.ExpectMsg<NodesProtocol.ReleasePool>();
    }

    /// <summary>Each answer repeats all outcomes that the client has not acknowledged.</summary>
    [Fact]
    public void ComparePool_ManyAtOnce_IsAnsweredFewTimes()
    {
        for (var request = 0; request < 100; request++)
            _pool.Tell(new PoolProtocol.ComparePool(0, []), _client);
        _pool.Tell(new PoolProtocol.QueryJob(new JobId(1)), _client);

        var answers = 0;
        _client.FishForMessage(
            message => message is PoolProtocol.QueryJobReply || (message is PoolProtocol.ComparePoolReply && answers++ < 0));
        // A slow machine takes long enough for a few more.
        Assert.InRange(answers, 1, 20);
        _client.ExpectMsg<PoolProtocol.ComparePoolReply>();
    }

    /// <summary>The client has learned that the job continues. The repetition arrives late.</summary>
    [Fact]
    public void WithdrawJobs_Repeated_DoesNotEndAJobThatContinues()
    {
        var withdraw = new PoolProtocol.WithdrawJobs([new JobId(1)], Number: 1);
        _pool.Tell(withdraw, _client);
        _client.ExpectMsg<PoolProtocol.JobsNotWithdrawn>();
        Submit(1);
        _client.ExpectMsg<PoolProtocol.JobsAccepted>();

        _pool.Tell(withdraw, _client);

        _pool.Tell(new PoolProtocol.QueryJob(new JobId(1)), _client);
        _client.ExpectMsg<PoolProtocol.QueryJobReply>();
        _pool.Tell(withdraw with { Number = 2 }, _client);
        Assert.Equal((new JobId(1), JobStatus.Canceled), Only(_client.ExpectMsg<PoolProtocol.JobsEnded>()));
    }

    [Fact]
    public void PoolReport_PoolEnds_CountsTheLastJobs()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(PoolReport));
        var (id, executor) = Start(_node);
        Submit(1);
        executor.ExpectMsg<NodeProtocol.RunJobs>();
        _pool.Tell(new NodeProtocol.JobsDone(id, [Succeeded(1)], 10), executor);
        _pool.Tell(new PoolProtocol.ClosePool(), _client);
        Exit(id, executor, ExecutorExitReason.Retired);

        var last = (PoolReport)FishForMessage(message => message is PoolReport { IsEnded: true });
        Assert.Equal((_id, 1L, 0), (last.Pool, last.Ended[(int)JobStatus.Succeeded], last.Figures.Executors));
    }

    [Fact]
    public void PoolReport_ExecutorCrashes_CountsARestart()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(PoolReport));
        var (crashed, first) = Start(_node);
        Exit(crashed, first, ExecutorExitReason.Crashed);
        var (retired, second) = Start(_node);
        Submit(1);
        second.ExpectMsg<NodeProtocol.RunJobs>();

        var busy = (PoolReport)FishForMessage(message => message is PoolReport { Figures.Running: 1 });
        Assert.Equal(("default", new PoolFigures(Waiting: 0, Held: 1, Running: 1, Executors: 1)), (busy.Name, busy.Figures));
        _pool.Tell(new PoolProtocol.TerminatePool(), _client);
        Exit(retired, second, ExecutorExitReason.PoolEnded);
        var last = (PoolReport)FishForMessage(message => message is PoolReport { IsEnded: true });
        Assert.Equal(1, last.Restarts[(int)ExecutorExitReason.Crashed]);
        Assert.Equal(1, last.Restarts.Sum());
    }

    [Fact]
    public void Client_Ends_KillsBusyExecutorsAndStops()
    {
        var (id, busy) = Start(_node);
        Submit(1);
        busy.ExpectMsg<NodeProtocol.RunJobs>();
        Sys.Stop(_client);
        busy.ExpectMsg<NodeProtocol.KillExecutor>();
        _nodes.ExpectMsg(new NodesProtocol.ReleasePool(_id));
        Exit(id, busy, ExecutorExitReason.PoolEnded);
        ExpectTerminated(_pool);
    }

    [Fact]
    public void Terminate_IdleAndBusyExecutor_KillsTheBusyOne()
    {
        var (busyId, busy) = Start(_node);
        Submit(1);
        busy.ExpectMsg<NodeProtocol.RunJobs>();
        var (idleId, idle) = Start(_node);
        _pool.Tell(new PoolProtocol.TerminatePool(), _client);
        busy.ExpectMsg<NodeProtocol.KillExecutor>();
        _nodes.ExpectMsg(new NodesProtocol.ReleasePool(_id));
        Exit(busyId, busy, ExecutorExitReason.PoolEnded);
        Exit(idleId, idle, ExecutorExitReason.PoolEnded);
        object word;
        do
            Assert.IsNotType<PoolProtocol.JobsEnded>(word = _client.ExpectMsg<object>());
        while (word is not PoolProtocol.PoolFinished);
        Assert.Equal(new PoolProtocol.PoolFinished(1), word);
        idle.ExpectNoMsg(TimeSpan.Zero);
        ExpectTerminated(_pool);
    }

    [Fact]
    public void NodeLost_RepeatableJob_RunsElsewhere()
    {
        var (_, first) = Start(_node);
        Submit(1);
        first.ExpectMsg<NodeProtocol.RunJobs>();
        var (_, second) = Start(NodeId.New());
        _pool.Tell(new NodesProtocol.NodeLost(_node), _nodes);
        Assert.Equal(new JobId(1), second.ExpectMsg<NodeProtocol.RunJobs>().Jobs.Single().Id);
    }

    [Fact]
    public void NodeLost_ReportsItsExecutorsAsEnded()
    {
        var (id, _) = Start(_node);
        _pool.Tell(new NodesProtocol.NodeLost(_node), _nodes);
        var ended = _client.ExpectMsg<PoolProtocol.WorkerEnded>();
        Assert.Equal((id, "host:1", 17, ExecutorExitReason.NodeLost), (ended.Executor, ended.Node, ended.ProcessId, ended.Exit.Reason));
    }

    [Fact]
    public void ExecutorReady_LostNode_IsNotReported()
    {
        _pool.Tell(new NodesProtocol.NodeLost(_node), _nodes);
        _pool.Tell(new NodeProtocol.ExecutorReady(ExecutorId.New(), _node, "host:1", 17), CreateTestProbe());
        var other = ExecutorId.New();
        _pool.Tell(new NodeProtocol.ExecutorReady(other, NodeId.New(), "host:2", 18), CreateTestProbe());
        Assert.Equal(other, _client.ExpectMsg<PoolProtocol.WorkerStarted>().Executor);
    }

    [Fact]
    public void Close_WithNoJobs_ReleasesTheExecutorsAndFinishesAfterTheLast()
    {
        var (id, executor) = Start(_node);
        _pool.Tell(new PoolProtocol.ClosePool(), _client);
        _nodes.ExpectMsg(new NodesProtocol.ReleasePool(_id));
        Exit(id, executor, ExecutorExitReason.Retired);
        _client.ExpectMsg<PoolProtocol.WorkerEnded>();
        _client.ExpectMsg(new PoolProtocol.PoolFinished(0));
        ExpectTerminated(_pool);
    }

    [Fact]
    public void Close_WithAJob_WaitsForItsEnd()
    {
        var (id, executor) = Start(_node);
        Submit(1);
        executor.ExpectMsg<NodeProtocol.RunJobs>();
        _pool.Tell(new PoolProtocol.ClosePool(), _client);
        _pool.Tell(new NodeProtocol.JobsDone(id, [Succeeded(1)], 10), executor);
        _client.ExpectMsg<PoolProtocol.JobsAccepted>();
        _client.ExpectMsg<PoolProtocol.JobsEnded>();
        _nodes.ExpectMsg(new NodesProtocol.ReleasePool(_id));
    }

    [Fact]
    public void ExecutorExited_ByItsInitializer_EndsEveryJobAndFailsThePool()
    {
        Submit(1, 2);
        _client.ExpectMsg<PoolProtocol.JobsAccepted>();
        var executor = CreateTestProbe();
        var id = ExecutorId.New();
        _pool.Tell(new NodeProtocol.ExecutorStarting(id, _node), executor);
        var failure = FailureInfo.FromMessage("E", "initializer");
        Exit(id, executor, ExecutorExitReason.InitializerThrew, failure);
        _client.ExpectMsg<PoolProtocol.WorkerEnded>();
        // First, so that a client that sees the end of its job and submits another one is refused.
        Assert.Equal(failure, _client.ExpectMsg<PoolProtocol.PoolFailed>().Reason);
        var ended = _client.ExpectMsg<PoolProtocol.JobsEnded>().Outcomes;
        Assert.Equal([(new JobId(1), JobStatus.PoolFailed), (new JobId(2), JobStatus.PoolFailed)],
            ended.Select(end => (end.Id, end.Status)));
        _nodes.ExpectMsg(new NodesProtocol.ReleasePool(_id));
        _client.ExpectMsg<PoolProtocol.PoolFinished>();
        ExpectTerminated(_pool);
    }

    [Fact]
    public void Cancel_RunningJob_AsksItsExecutor()
    {
        var (_, executor) = Start(_node);
        Submit(1);
        executor.ExpectMsg<NodeProtocol.RunJobs>();
        _pool.Tell(new PoolProtocol.CancelJobs([new JobId(1)]), _client);
        executor.ExpectMsg(new NodeProtocol.CancelRunningJob(new JobId(1)));
    }

    [Fact]
    public void Output_OfAnExecutor_IsForwardedAndAcknowledged()
    {
        var (id, executor) = Start(_node);
        _pool.Tell(new NodeProtocol.ExecutorOutput(id, false, new byte[] { 65 }), executor);
        Assert.Equal(id, _client.ExpectMsg<PoolProtocol.WorkerOutput>().Executor);
        _pool.Tell(new PoolProtocol.WorkerOutputWritten(id, false), _client);
        executor.ExpectMsg(new NodeProtocol.ExecutorOutputReceived(false));
    }

    [Fact]
    public void Finish_LargeResult_WaitsUntilItIsDownloaded()
    {
        var (id, executor) = Start(_node);
        Submit(1);
        executor.ExpectMsg<NodeProtocol.RunJobs>();
        var stored = new StoredPayload(PayloadId.New(), 1, default);
        _pool.Tell(new NodeProtocol.JobsDone(id, [Succeeded(1) with { Stored = stored }], 10), executor);
        Assert.Equal(stored.Id, _payloads.ExpectMsg<PayloadsActor.RetainPayload>().Payload);
        _pool.Tell(new PoolProtocol.ClosePool(), _client);
        Exit(id, executor, ExecutorExitReason.Retired);
        _client.FishForMessage<PoolProtocol.WorkerEnded>(_ => true);
        Assert.Equal(id, _payloads.ExpectMsg<PayloadsActor.RemoveExecutorPayloads>().Executor);
        _client.ExpectNoMsg(TimeSpan.Zero);
        _pool.Tell(new PayloadProtocol.ReleasePayload(stored.Id), _client);
        Assert.Equal(stored.Id, _payloads.ExpectMsg<PayloadsActor.RemoveResultPayload>().Payload);
        _client.ExpectMsg<PoolProtocol.PoolFinished>();
        ExpectTerminated(_pool);
    }

    [Fact]
    public void ClientDisconnects_LargeResultNotDownloaded_EndsThePool()
    {
        var (id, executor) = Start(_node);
        Submit(1);
        executor.ExpectMsg<NodeProtocol.RunJobs>();
        _pool.Tell(new NodeProtocol.JobsDone(id, [Succeeded(1) with { Stored = new StoredPayload(PayloadId.New(), 1, default) }], 10),
            executor);
        _payloads.ExpectMsg<PayloadsActor.RetainPayload>();
        Sys.Stop(_client);
        _nodes.ExpectMsg(new NodesProtocol.ReleasePool(_id));
        Exit(id, executor, ExecutorExitReason.Retired);
        ExpectTerminated(_pool);
    }

    [Fact]
    public void Offer_RemovedExecutor_IsRefused()
    {
        var (id, executor) = Start(_node);
        var offer = new PayloadProtocol.OfferPayload(PayloadId.New(), 1, id);
        _pool.Tell(offer, executor);
        Assert.Equal(offer, _payloads.ExpectMsg<PayloadsActor.PayloadRequest>().Message);
        Assert.Equal(executor.Ref, _payloads.Sender);
        _pool.Tell(new NodesProtocol.NodeLost(_node), _nodes);
        Assert.Equal(id, _payloads.ExpectMsg<PayloadsActor.RemoveExecutorPayloads>().Executor);
        _pool.Tell(new PayloadProtocol.OfferPayload(PayloadId.New(), 1, id), executor);
        executor.ExpectMsg<PayloadProtocol.PayloadRefused>();
    }

    private (ExecutorId Id, TestProbe Actor) Start(NodeId node)
    {
        var id = ExecutorId.New();
        var executor = CreateTestProbe();
        // The number of comparisons depends on the duration of the test.
        executor.IgnoreMessages(message => message is NodeProtocol.CompareExecutor);
        _pool.Tell(new NodeProtocol.ExecutorStarting(id, node), executor);
        _pool.Tell(new NodeProtocol.ExecutorReady(id, node, "host:1", 17), executor);
        _client.FishForMessage<PoolProtocol.WorkerStarted>(started => started.Executor == id);
        return (id, executor);
    }

    private void Submit(params long[] jobs) => _pool.Tell(
        new PoolProtocol.SubmitJobs([
            .. jobs.Select(job => new JobSpec(new JobId(job), new FunctionRef("f", new byte[] { 1 }), default, new JobPolicy(0, 3)))]),
            _client);

    private void Exit(ExecutorId id, TestProbe executor, ExecutorExitReason reason, FailureInfo? failure = null) => _pool.Tell(
        new NodeProtocol.ExecutorExited(id, _node, "host:1", 17, new ExecutorExit(reason, 0, ""), default, default, failure), executor);

    private static JobOutcome Succeeded(long job) => new(new JobId(job), JobStatus.Succeeded, default, null, 1);

    private static (JobId, JobStatus) Only(PoolProtocol.JobsEnded ended) => (ended.Outcomes.Single().Id, ended.Outcomes.Single().Status);
}
