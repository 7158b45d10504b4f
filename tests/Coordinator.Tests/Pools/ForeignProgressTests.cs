using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>A node reports progress and log records of jobs that run on other nodes.</summary>
public sealed class ForeignProgressTests : PatientTestKit
{
    private readonly TestProbe _client;
    private readonly IActorRef _pool;

    public ForeignProgressTests()
    {
        _client = CreateTestProbe();
        var (nodes, payloads) = (CreateTestProbe(), CreateTestProbe());
        var open = new PoolProtocol.OpenPool(PoolId.New(), PoolSchedule.Spec());
        _pool = Sys.ActorOf(Props.Create(() => new PoolActor(open, _client.Ref, nodes.Ref, payloads.Ref)));
        _client.ExpectMsg<PoolProtocol.PoolOpened>();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(JobLogBatch.FirstNumber)]
    public void JobProgressReport_OfAJobOfAnotherNode_IsNotForwarded(int number)
    {
        var (honest, of) = StartExecutor();
        Submit(1);
        of.ExpectMsg<NodeProtocol.RunJobs>();
        var (hostile, from) = StartExecutor();

        Report(hostile, from, new JobId(1), "forged");
        Report(hostile, from, new JobId(2), "of no job");
        Report(honest, of, new JobId(1), "true");

        Assert.Equal("true", ReadText(_client.FishForMessage<PoolProtocol.MapProgressReport>(_ => true)));

        void Report(ExecutorId executor, TestProbe sender, JobId job, string text) => _pool.Tell(
            new NodeProtocol.JobProgressReport(executor, job, 1, new ProgressValue(number, System.Text.Encoding.ASCII.GetBytes(text))),
            sender);
    }

    [Fact]
    public void JobProgressReport_AfterTheEndOfTheJob_IsNotForwarded()
    {
        var (id, executor) = StartExecutor();
        Submit(1);
        executor.ExpectMsg<NodeProtocol.RunJobs>();
        _pool.Tell(new NodeProtocol.JobsDone(id, [new JobOutcome(new JobId(1), JobStatus.Succeeded, default, null, 1)], 10), executor);
        _client.FishForMessage<PoolProtocol.JobsEnded>(_ => true);

        _pool.Tell(new NodeProtocol.JobProgressReport(id, new JobId(1), 1), executor);
        _pool.Tell(new PoolProtocol.QueryJob(new JobId(1)), _client);

        _client.ExpectMsg<PoolProtocol.QueryJobReply>();
    }

    private static string ReadText(PoolProtocol.MapProgressReport report) =>
        System.Text.Encoding.ASCII.GetString(report.Value!.Value.Span);

    private (ExecutorId Id, TestProbe Actor) StartExecutor()
    {
        var (id, node, executor) = (ExecutorId.New(), NodeId.New(), CreateTestProbe());
        executor.IgnoreMessages(message => message is NodeProtocol.CompareExecutor);
        _pool.Tell(new NodeProtocol.ExecutorReady(id, node, "host:1", 17), executor);
        _client.FishForMessage<PoolProtocol.WorkerStarted>(started => started.Executor == id);
        return (id, executor);
    }

    private void Submit(long job) => _pool.Tell(
        new PoolProtocol.SubmitJobs([new JobSpec(new JobId(job), new FunctionRef("f", new byte[] { 1 }), default, new JobPolicy(0, 3))]),
        _client);
}
