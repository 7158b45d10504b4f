using System.Text;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>A node reports workers, names and output without end. The pool keeps and forwards a limited amount.</summary>
public sealed class NodeReportTests : PatientTestKit
{
    private readonly NodeId _node = NodeId.New();
    private readonly ExecutorId _id = ExecutorId.New();
    private readonly TestProbe _client;
    private readonly TestProbe _executor;
    private readonly IActorRef _pool;

    public NodeReportTests()
    {
        (_client, _executor) = (CreateTestProbe(), CreateTestProbe());
        _executor.IgnoreMessages(message => message is NodeProtocol.CompareExecutor);
        var open = new PoolProtocol.OpenPool(PoolId.New(), PoolSchedule.Spec());
        var (nodes, payloads) = (CreateTestProbe(), CreateTestProbe());
        _pool = Sys.ActorOf(Props.Create(() => new PoolActor(open, _client.Ref, nodes.Ref, payloads.Ref)));
        _client.ExpectMsg<PoolProtocol.PoolOpened>();
    }

    /// <summary>A client that does not read its connection would fill the memory of the coordinator.</summary>
    [Fact]
    public void ExecutorOutput_BeforeTheLastWasWritten_IsNotForwarded()
    {
        StartExecutor("node");

        SendOutput(isError: false, "first");
        SendOutput(isError: false, "second");
        SendOutput(isError: true, "error");
        _pool.Tell(new PoolProtocol.WorkerOutputWritten(_id, false), _client);
        _executor.ExpectMsg(new NodeProtocol.ExecutorOutputReceived(false));
        SendOutput(isError: false, "third");

        Assert.Equal(["first", "error", "third"], Enumerable.Range(0, 3).Select(_ => ReadOutput()));
    }

    [Fact]
    public void ExecutorOutput_TooLong_IsNotForwarded()
    {
        StartExecutor("node");

        SendOutput(isError: false, new string('x', 1 << 20));
        SendOutput(isError: false, "short");

        Assert.Equal("short", ReadOutput());
    }

    [Fact]
    public void ExecutorReady_LongTexts_AreCut()
    {
        var text = new string('x', 1 << 20);
        StartExecutor(text);
        var exit = new ExecutorExit(ExecutorExitReason.Crashed, 1, text);

        _pool.Tell(new NodeProtocol.ExecutorExited(_id, _node, text, 1, exit, default, default, null), _executor);

        var ended = _client.ExpectMsg<PoolProtocol.WorkerEnded>();
        Assert.InRange(ended.Node.Length, 100, 2000);
        Assert.InRange(ended.Exit.LastOutput.Length, 100, 10_000);
    }

    [Fact]
    public void ExecutorStarting_ManyOfANode_FewAreKept()
    {
        var state = new PoolState(PoolSchedule.Spec());
        state.ExecutorsGranted(100, _node);

        for (var i = 0; i < 10_000; i++)
            state.ExecutorReady(ExecutorId.New(), _node, TimeSpan.Zero);
        Assert.InRange(state.Executors.Count, 100, 300);

        var (other, of) = (ExecutorId.New(), NodeId.New());
        state.ExecutorStarting(other, of);
        Assert.Contains(other, state.Executors);
    }

    [Fact]
    public void AddReport_LargeReportsAfterALostOne_FewAreKept()
    {
        var state = new PoolState(PoolSchedule.Spec());
        state.ExecutorReady(_id, _node, TimeSpan.Zero);
        var payload = new byte[400_000];
        NodeProtocol.JobsDone Report(int number) =>
            new(_id, [new JobOutcome(new JobId(number), JobStatus.Succeeded, payload, null, 1)], 1, number);

        for (var number = 2; number <= 10; number++)
            state.AddReport(Report(number), TimeSpan.Zero);
        state.AddReport(Report(1), TimeSpan.Zero);
        Assert.Equal(3, state.AcknowledgeReports(_id));

        // The node sends the others again.
        for (var number = 4; number <= 10; number++)
            state.AddReport(Report(number), TimeSpan.Zero);
        Assert.Equal(10, state.AcknowledgeReports(_id));
    }

    private void StartExecutor(string nodeName)
    {
        _pool.Tell(new NodeProtocol.ExecutorReady(_id, _node, nodeName, 1), _executor);
        Assert.InRange(_client.ExpectMsg<PoolProtocol.WorkerStarted>().Node.Length, 1, 2000);
    }

    private void SendOutput(bool isError, string text) =>
        _pool.Tell(new NodeProtocol.ExecutorOutput(_id, isError, Encoding.ASCII.GetBytes(text)), _executor);

    private string ReadOutput() => Encoding.ASCII.GetString(_client.ExpectMsg<PoolProtocol.WorkerOutput>().Text.Span);
}
