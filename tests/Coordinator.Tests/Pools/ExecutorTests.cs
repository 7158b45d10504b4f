using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using static Actors.Messages.Nodes.NodeProtocol;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>The permitted requests of a pool to a worker in each stage of its life.</summary>
public sealed class ExecutorTests
{
    private readonly Coordinator.Pools.Executor _executor = new(ExecutorId.New(), NodeId.New());

    [Fact]
    public void TryBecomeReady_StartingProcess_AcceptsJobsOnce()
    {
        Assert.Equal((false, false, true), (_executor.IsReady, _executor.AcceptsJobs, _executor.NeedsComparison));

        Assert.True(_executor.TryBecomeReady("node", 7));
        Assert.False(_executor.TryBecomeReady("other", 8));

        Assert.Equal(("node", 7), (_executor.NodeName, _executor.ProcessId));
        Assert.Equal((true, true, false), (_executor.IsReady, _executor.AcceptsJobs, _executor.NeedsComparison));
        Assert.Equal(ExpectedExecutorState.IsReady, _executor.ExpectedState);
    }

    /// <summary>The node has reported the retirement before the process was ready.</summary>
    [Fact]
    public void Retire_StartingProcess_NeverAcceptsJobs()
    {
        _executor.Retire();
        Assert.Equal((false, ExpectedExecutorState.IsRetiring), (_executor.IsReady, _executor.ExpectedState));

        Assert.True(_executor.TryBecomeReady("node", 7));

        Assert.Equal((true, false), (_executor.IsReady, _executor.AcceptsJobs));
        Assert.Equal(ExpectedExecutorState.IsReady | ExpectedExecutorState.IsRetiring, _executor.ExpectedState);
    }

    [Fact]
    public void TryRetireIdle_ExecutorHasAJob_WaitsForIt()
    {
        _executor.TryBecomeReady("node", 7);
        var job = CreateJob(1);
        _executor.AssignJob(job);

        Assert.False(_executor.TryRetireIdle());
        Assert.True(_executor.RemoveJob(job));
        Assert.True(_executor.TryRetireIdle());
        Assert.False(_executor.TryRetireIdle());
        Assert.False(_executor.AcceptsJobs);
    }

    [Fact]
    public void Kill_RetiringExecutor_IsExpectedToEndAtOnce()
    {
        _executor.TryBecomeReady("node", 7);
        _executor.Retire();

        _executor.Kill();
        _executor.Retire();

        Assert.Equal(ExpectedExecutorState.IsReady | ExpectedExecutorState.IsKilled, _executor.ExpectedState);
        Assert.Equal((false, false, true), (_executor.AcceptsJobs, _executor.IsStarved, _executor.NeedsComparison));
    }

    [Fact]
    public void TryRevoke_UntilTheAnswer_IsRequestedOnceAndAcceptsNoJobs()
    {
        _executor.TryBecomeReady("node", 7);
        _executor.AssignJob(CreateJob(1));
        _executor.AssignJob(CreateJob(2));
        Assert.True(_executor.HasWaitingJobs);

        Assert.Equal((true, false), (_executor.TryRevoke(), _executor.TryRevoke()));
        Assert.Equal((false, false), (_executor.AcceptsJobs, _executor.HasWaitingJobs));
        Assert.True(_executor.ExpectedState.HasFlag(ExpectedExecutorState.IsRevoking));

        // The remaining jobs have begun, until it is sent others.
        _executor.OnReturned();
        Assert.Equal((true, false), (_executor.AcceptsJobs, _executor.HasWaitingJobs));
        _executor.AssignJob(CreateJob(3));
        Assert.True(_executor.HasWaitingJobs);
    }

    private static Job CreateJob(long id) =>
        new(new JobSpec(new JobId(id), new FunctionRef("f", new byte[] { 1 }), default, new JobPolicy(0, 3)));
}
