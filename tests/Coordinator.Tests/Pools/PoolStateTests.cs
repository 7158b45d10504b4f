using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Tests.Pools;

public class PoolStateTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(60);

    private readonly PoolState _state = new(new PoolSpec(1, BundleId.ThisProcess, null, default, 0, 0, 0, (long)Wait.TotalMilliseconds));

    /// <summary>The clock may start at zero, and the first executor may take longer than the first tick.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public void CheckProgress_NoWorker_FailsThePoolAtTheTimeoutAndNotBefore(double startSeconds)
    {
        var start = TimeSpan.FromSeconds(startSeconds);
        _state.SubmitJobs([new JobSpec(new JobId(1), new FunctionRef("f", new byte[] { 1 }), default, JobPolicy.Once)], start);

        _state.CheckProgress(start);
        _state.CheckProgress(start + Wait - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _state.Pending);

        _state.CheckProgress(start + Wait);
        Assert.Contains(_state.TakeEffects(), effect => effect is PoolEffect.SendFailure);
        Assert.Equal(0, _state.Pending);
    }

    /// <summary>The store is large, and an executor is ready before all its jobs are read.</summary>
    [Fact]
    public void RestoreJobs_ExecutorIsReady_SendsThem()
    {
        _state.ExecutorReady(ExecutorId.New(), NodeId.New(), TimeSpan.Zero);
        _state.TakeEffects();
        var job = new JobSpec(new JobId(1), new FunctionRef("f", new byte[] { 1 }), default, JobPolicy.Once);

        _state.RestoreJobs([new StoredJob(job, [], MayHaveBegun: false)], TimeSpan.Zero);

        Assert.Equal(job, Assert.Single(Assert.Single(_state.TakeEffects().OfType<PoolEffect.SendJobs>()).Jobs));
    }

    [Fact]
    public void StartFailures_OneNode_LeaveJobsOfOthers()
    {
        var (good, bad) = (NodeId.New(), NodeId.New());
        _state.ExecutorReady(ExecutorId.New(), good, TimeSpan.Zero);
        for (var i = 0; i < 10; i++)
            FailToStart(bad);
        Assert.DoesNotContain(_state.TakeEffects(), effect => effect is PoolEffect.SendFailure);
    }

    [Fact]
    public void StartFailures_OneNode_WaitForAnotherThatStarts()
    {
        var (bad, slow) = (NodeId.New(), NodeId.New());
        var starting = ExecutorId.New();
        _state.ExecutorStarting(starting, slow);
        for (var i = 0; i < 3; i++)
            FailToStart(bad);
        Assert.DoesNotContain(_state.TakeEffects(), effect => effect is PoolEffect.SendFailure);

        _state.NodeLost(slow, TimeSpan.Zero);
        FailToStart(bad);
        Assert.Contains(_state.TakeEffects(), effect => effect is PoolEffect.SendFailure);
    }

    /// <summary>The good node still downloads the code, or replaces its only executor.</summary>
    [Fact]
    public void StartFailures_OneNode_WaitForAnotherThatHasNoExecutorYet()
    {
        var (bad, slow) = (NodeId.New(), NodeId.New());
        _state.ExecutorsGranted(2, bad, slow);
        for (var i = 0; i < 10; i++)
            FailToStart(bad);
        Assert.DoesNotContain(_state.TakeEffects(), effect => effect is PoolEffect.SendFailure);

        for (var i = 0; i < 3; i++)
            FailToStart(slow);
        Assert.Contains(_state.TakeEffects(), effect => effect is PoolEffect.SendFailure);
    }

    [Fact]
    public void StartFailures_OtherNodeIsLost_FailThePool()
    {
        var (bad, lost) = (NodeId.New(), NodeId.New());
        _state.ExecutorsGranted(2, bad, lost);
        _state.NodeLost(lost, TimeSpan.Zero);
        for (var i = 0; i < 3; i++)
            FailToStart(bad);

        Assert.Contains(_state.TakeEffects(), effect => effect is PoolEffect.SendFailure);
    }

    [Fact]
    public void StartFailures_SeveralNodes_AreCountedPerNode()
    {
        var nodes = new[] { NodeId.New(), NodeId.New(), NodeId.New() };
        for (var round = 1; round <= 3; round++)
        {
            Assert.DoesNotContain(_state.TakeEffects(), effect => effect is PoolEffect.SendFailure);
            Array.ForEach(nodes, FailToStart);
        }

        Assert.Contains(_state.TakeEffects(), effect => effect is PoolEffect.SendFailure);
    }

    [Fact]
    public void LateMessage_LostNode_DoesNotKeepThePoolOpen()
    {
        var (node, executor) = (NodeId.New(), ExecutorId.New());
        _state.NodeLost(node, TimeSpan.Zero);
        _state.ExecutorStarting(executor, node);
        _state.ExecutorReady(executor, node, TimeSpan.Zero);
        Assert.Empty(_state.Executors);

        _state.ClosePool();
        Assert.Contains(_state.TakeEffects(), effect => effect is PoolEffect.FinishPool);
    }

    private void FailToStart(NodeId node)
    {
        var executor = ExecutorId.New();
        _state.ExecutorStarting(executor, node);
        _state.ExecutorExited(executor, new ExecutorExit(ExecutorExitReason.StartFailed, null, ""), default, default, null, TimeSpan.Zero);
    }
}
