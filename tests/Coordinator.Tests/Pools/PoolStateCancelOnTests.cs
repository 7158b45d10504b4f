using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>Jobs that are canceled by a timeout, a drain or the end of their client.</summary>
public class PoolStateCancelOnTests
{
    private readonly ExecutorId _executor = ExecutorId.New();

    [Fact]
    public void ExecutorExited_Drained_RunsTheJobAgainWithoutALostAttempt()
    {
        var state = StartJob(maxAttempts: 2);

        Drain(state);

        Assert.Equal(1, state.Waiting);
        Assert.Empty(state.TakeEffects());
        var other = ExecutorId.New();
        state.ExecutorReady(other, NodeId.New(), TimeSpan.Zero);
        var sent = Assert.Single(Assert.Single(state.TakeEffects().OfType<PoolEffect.SendJobs>()).Jobs);
        state.JobsDone(other, [new JobOutcome(sent.Id, JobStatus.Succeeded, default, null, 1)], 1, TimeSpan.Zero);
        Assert.Equal(1, GetOutcome(state).Attempts);
    }

    [Fact]
    public void ExecutorExited_DrainedAtMostOnceJob_EndsAsLost()
    {
        var state = StartJob(maxAttempts: 1);

        Drain(state);

        var outcome = GetOutcome(state);
        Assert.Equal(JobStatus.WorkerLost, outcome.Status);
        Assert.Contains("its worker node drains", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ExecutorExited_DrainedCanceledJob_EndsAsCanceled()
    {
        var state = StartJob(maxAttempts: 2);
        state.CancelJobs([new JobId(1)]);
        state.TakeEffects();

        Drain(state);

        Assert.Equal(JobStatus.Canceled, GetOutcome(state).Status);
    }

    [Fact]
    public void JobsDone_TimedOut_EndsTheJob()
    {
        var state = StartJob(maxAttempts: 3);

        state.JobsDone(
            _executor, [new JobOutcome(new JobId(1), JobStatus.TimedOut, default, FailureInfo.FromMessage("T", "late"), 1)], 1,
            TimeSpan.Zero);

        var outcome = GetOutcome(state);
        Assert.Equal((JobStatus.TimedOut, "late"), (outcome.Status, outcome.Failure!.Message));
        Assert.Equal([_executor], state.Executors);
    }

    [Theory]
    [InlineData(CancellationTriggers.ClientDisconnected, true)]
    [InlineData(CancellationTriggers.Timeout | CancellationTriggers.Drain, false)]
    public void AbandonPool_RunningJob_IsCanceledFirstIfTheSettingsSaySo(CancellationTriggers triggers, bool isAbandoned)
    {
        var state = StartJob(maxAttempts: 3, triggers);

        state.AbandonPool();

        var release = Assert.Single(state.TakeEffects().OfType<PoolEffect.ReleaseExecutors>());
        Assert.Equal((isAbandoned, _executor), (release.IsAbandoned, Assert.Single(release.Kill)));
        state.CompareExecutors(TimeSpan.FromSeconds(10));
        var compare = Assert.Single(state.TakeEffects().OfType<PoolEffect.SendComparison>());
        Assert.True(compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsKilled));
        Assert.Equal(isAbandoned, compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsAbandoned));
    }

    /// <summary>Python's terminate() kills at once.</summary>
    [Fact]
    public void TerminatePool_RunningJob_IsKilledAtOnce()
    {
        var state = StartJob(maxAttempts: 3, CancellationTriggers.All);

        state.TerminatePool();

        Assert.False(Assert.Single(state.TakeEffects().OfType<PoolEffect.ReleaseExecutors>()).IsAbandoned);
    }

    private PoolState StartJob(int maxAttempts, CancellationTriggers triggers = CancellationTriggers.All)
    {
        var state = new PoolState(new PoolSpec(1, BundleId.ThisProcess, null, default, 0, 0, 0, 0, CancelsOn: triggers));
        state.ExecutorReady(_executor, NodeId.New(), TimeSpan.Zero);
        state.SubmitJobs(
            [new JobSpec(new JobId(1), new FunctionRef("f", new byte[] { 1 }), default, new JobPolicy(0, maxAttempts))], TimeSpan.Zero);
        state.TakeEffects();
        return state;
    }

    private void Drain(PoolState state) => state.ExecutorExited(
        _executor, new ExecutorExit(ExecutorExitReason.Drained, 0, ""), new JobId(1), default, null, TimeSpan.Zero);

    private static JobOutcome GetOutcome(PoolState state) =>
        Assert.Single(Assert.Single(state.TakeEffects().OfType<PoolEffect.SendOutcomes>()).Outcomes);
}
