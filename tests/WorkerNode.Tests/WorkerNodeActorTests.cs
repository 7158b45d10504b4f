using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Remoting.Bundles;
using Actors.Testing;
using Actors.WorkerNode.Executors;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.WorkerNode.Tests;

public sealed class WorkerNodeActorTests : PatientTestKit
{
    private static readonly PoolSpec Spec = new(0, BundleId.ThisProcess, null, default, 0, 0, 0, 0);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly NodeId _id = NodeId.New();
    private readonly PoolId _poolId = PoolId.New();
    private readonly TestProbe _pool;
    private readonly LocalEndpoint _endpoint = LocalEndpoint.Open();

    public WorkerNodeActorTests() => _pool = CreateTestProbe();

    [Fact]
    public void Provide_CodeCannotBeDownloaded_ReportsFailedStarts()
    {
        var node = InSession(new Code(() => throw new BundleException("no code")));
        Provide(node, 2);
        for (var i = 0; i < 2; i++)
        {
            var starting = _pool.ExpectMsg<NodeProtocol.ExecutorStarting>(Patience);
            var exited = _pool.ExpectMsg<NodeProtocol.ExecutorExited>(Patience);
            Assert.Equal((starting.Executor, _id), (exited.Executor, exited.Node));
            Assert.Equal((ExecutorExitReason.StartFailed, "no code"), (exited.Exit.Reason, exited.Failure!.Message));
        }
    }

    [Fact]
    public void Provide_CodeDoesNotStart_ReportsAFailedStart()
    {
        var node = InSession(new Code(() => OwnCode.FindFiles() with { ExecutorAssembly = "none.dll" }));
        Provide(node, 1);
        var starting = _pool.ExpectMsg<NodeProtocol.ExecutorStarting>(Patience);
        var exited = Assert.IsType<NodeProtocol.ExecutorExited>(
            _pool.FishForMessage(message => message is NodeProtocol.ExecutorExited, Patience));
        Assert.Equal((starting.Executor, ExecutorExitReason.StartFailed), (exited.Executor, exited.Exit.Reason));
        Assert.NotEqual(0, exited.Exit.ExitCode);
    }

    [Fact]
    public void Provide_FrameworkOfTheProgramIsMissing_ReportsItWithoutStartingAProcess()
    {
        var configuration = Path.GetTempFileName();
        try
        {
            File.WriteAllText(
                configuration, """{ "runtimeOptions": { "framework": { "name": "Microsoft.AspNetCore.App", "version": "99.0.0" } } }""");
            var node = InSession(new Code(() => OwnCode.FindFiles() with { RuntimeConfigFile = configuration }));
            Provide(node, 1);

            var exited = Fish<NodeProtocol.ExecutorExited>();

            Assert.Equal((ExecutorExitReason.StartFailed, 0, (int?)null), (exited.Exit.Reason, exited.ProcessId, exited.Exit.ExitCode));
            Assert.StartsWith(
                "The program needs the framework Microsoft.AspNetCore.App 99.0.0, and worker node name has",
                exited.Failure!.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(configuration);
        }
    }

    [Fact]
    public void Provide_ThenDrain_ExecutorStartsRetiresAndEnds()
    {
        var node = InSession(new Code(OwnCode.FindFiles));
        Provide(node, 1);
        _pool.ExpectMsg<NodeProtocol.ExecutorStarting>(Patience);
        var ready = Fish<NodeProtocol.ExecutorReady>();
        Assert.Equal((_id, "name"), (ready.Node, ready.NodeName));
        node.Tell(WorkerNodeActor.DrainPools.Instance);
        Fish<NodeProtocol.ExecutorRetiring>();
        Assert.Empty(Fish<NodeProtocol.JobsReturned>().Jobs);
        Assert.Equal(ExecutorExitReason.Retired, Fish<NodeProtocol.ExecutorExited>().Exit.Reason);
        ExpectMsg<WorkerNodeActor.Drained>(Patience);
    }

    /// <summary>A pool that has received no report of the start does not know the executor, and cannot ask for it.</summary>
    [Fact]
    public void Start_ReportsLost_AreRepeatedUntilThePoolAnswers()
    {
        var node = InSession(new Code(OwnCode.FindFiles));
        Provide(node, 1);
        for (var report = 0; report < 2; report++)
            Fish<NodeProtocol.ExecutorReady>();
        var executor = _pool.Sender;
        var id = ((NodeProtocol.ExecutorReady)_pool.LastMessage).Executor;

        var state = NodeProtocol.ExpectedExecutorState.IsReady | NodeProtocol.ExpectedExecutorState.IsSilent;
        executor.Tell(new NodeProtocol.CompareExecutor(id, 0, 0, state, []), _pool);
        Fish<NodeProtocol.JobsHeld>();
        _pool.ExpectNoMsg(TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public void Provide_WithoutASession_IsIgnored()
    {
        var code = new Code(() => throw new BundleException("no code"));
        var node = Sys.ActorOf(Props.Create(() => new WorkerNodeActor("name", code, null, _endpoint)));
        Provide(node, 1);
        node.Tell(WorkerNodeActor.DrainPools.Instance);
        ExpectMsg<WorkerNodeActor.Drained>(Patience);
        _pool.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void KillExecutor_RunningExecutor_IsReplacedAtOnce()
    {
        var node = InSession(new Code(OwnCode.FindFiles));
        Provide(node, 1);
        _pool.FishForMessage(message => message is NodeProtocol.ExecutorReady, Patience);
        _pool.Sender.Tell(new NodeProtocol.KillExecutor(), _pool);
        var exited = (NodeProtocol.ExecutorExited)_pool.FishForMessage(message => message is NodeProtocol.ExecutorExited, Patience);
        Assert.Equal(ExecutorExitReason.Killed, exited.Exit.Reason);
        Assert.Equal(OperatingSystem.IsWindows() ? exited.Exit.ExitCode : -9, exited.Exit.ExitCode);
        Assert.NotEqual(exited.Executor, _pool.ExpectMsg<NodeProtocol.ExecutorStarting>(Patience).Executor);
    }

    [Fact]
    public void KillExecutor_MeterOfTheNode_CountsARestart()
    {
        using var meter = new NodeMeter();
        using var metrics = new RecordedMetrics("killed");
        var node = InSession(new Code(OwnCode.FindFiles), meter);
        node.Tell(new NodeProtocol.ProvideExecutors(_poolId, Spec with { DisplayName = "killed" }, 1), _pool);
        Fish<NodeProtocol.ExecutorReady>();
        metrics.ReadGauges();
        Assert.Equal(1, metrics.Last("actors.workers"));

        _pool.Sender.Tell(new NodeProtocol.KillExecutor(), _pool);
        Fish<NodeProtocol.ExecutorExited>();
        Fish<NodeProtocol.ExecutorReady>();

        Assert.Equal(1, metrics.Sum("actors.worker.restarts", "actors.reason=killed"));
        metrics.ReadGauges();
        Assert.Equal(1, metrics.Last("actors.workers"));
        node.Tell(WorkerNodeActor.DrainPools.Instance);
        ExpectMsg<WorkerNodeActor.Drained>(Patience);
        var reads = metrics.Count("actors.workers");
        metrics.ReadGauges();
        Assert.Equal(reads, metrics.Count("actors.workers"));
        Assert.Equal(1, metrics.Sum("actors.worker.restarts"));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _endpoint.Dispose();
    }

    private IActorRef InSession(ICodeSource code, NodeMeter? meter = null)
    {
        var node = Sys.ActorOf(Props.Create(() => new WorkerNodeActor("name", code, null, _endpoint)));
        node.Tell(new WorkerNodeActor.SessionStarted(_id, ["home"], TestActor, meter));
        return node;
    }

    private void Provide(IActorRef node, int executors) => node.Tell(new NodeProtocol.ProvideExecutors(_poolId, Spec, executors), _pool);

    /// <summary>Waits for a message of the pool, past others such as repeated ones.</summary>
    private T Fish<T>() => (T)_pool.FishForMessage(message => message is T, Patience);

    private sealed class Code(Func<CodePaths> find) : ICodeSource
    {
        public async Task<CodePaths> ResolveBundleAsync(BundleId bundle, IActorRef coordinator, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return find();
        }

        public Task<IDisposable?> UseBundleAsync(BundleId bundle) => Task.FromResult<IDisposable?>(null);
    }
}
