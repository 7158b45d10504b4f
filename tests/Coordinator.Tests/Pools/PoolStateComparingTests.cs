using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>Recovery from lost messages between a pool and an executor.</summary>
public sealed class PoolStateComparingTests
{
    private static readonly TimeSpan Start = TimeSpan.FromDays(1);

    private readonly PoolState _state = new(PoolSchedule.Spec());
    private readonly ExecutorId _executor = ExecutorId.New();

    public PoolStateComparingTests() => _state.ExecutorReady(_executor, NodeId.New(), Start);

    /// <summary>The executor repeats the message until the pool sends one, and the pool sends an idle executor nothing else.</summary>
    [Fact]
    public void ExecutorReady_Repeated_IsAnsweredWithAComparison()
    {
        Assert.Empty(_state.TakeEffects());
        _state.ExecutorReady(_executor, NodeId.New(), Start);

        var comparison = Effect<PoolEffect.SendComparison>();
        Assert.Equal((_executor, NodeProtocol.ExpectedExecutorState.IsReady), (comparison.Executor, comparison.State));
    }

    [Fact]
    public void SendJobs_EachJob_HasItsPosition()
    {
        _state.SubmitJobs([Job(1), Job(2)], Start);
        Assert.Equal(1, Effect<PoolEffect.SendJobs>().First);
        _state.AddReport(Done(1, number: 1), Start);
        Assert.Equal(2, Effect<PoolEffect.SendJobs>().First);
    }

    [Fact]
    public void AddReport_Twice_IsAppliedOnce()
    {
        _state.SubmitJobs([Job(1)], Start);
        _state.TakeEffects();
        _state.AddReport(Done(1, number: 1), Start);
        Assert.Equal(new JobId(1), Assert.Single(Effect<PoolEffect.SendOutcomes>().Outcomes).Id);
        _state.AddReport(Done(1, number: 1), Start);
        Assert.Empty(_state.TakeEffects());
        Assert.Equal(0, _state.StaleCompletions);
    }

    [Fact]
    public void AddReport_AfterALostOne_WaitsForIt()
    {
        _state.SubmitJobs([Job(1)], Start);
        _state.TakeEffects();
        _state.AddReport(new NodeProtocol.JobsReturned(_executor, [], 2), Start);
        Assert.Equal(0, _state.AcknowledgeReports(_executor));
        _state.CompareExecutors(Start);
        Assert.Equal(_executor, Effect<PoolEffect.SendComparison>().Executor);
        _state.AddReport(Done(1, number: 1), Start);
        Assert.Equal(2, _state.AcknowledgeReports(_executor));
    }

    [Fact]
    public void CompareExecutors_RunningJob_ComparesAtGrowingIntervals()
    {
        _state.SubmitJobs([Job(1)], Start);
        _state.TakeEffects();
        var asked = Enumerable.Range(1, 20).Where(second =>
        {
            _state.CompareExecutors(Start + TimeSpan.FromSeconds(second));
            return _state.TakeEffects().Any(effect => effect is PoolEffect.SendComparison);
        });
        Assert.Equal([1, 2, 4, 8, 12, 16, 20], asked);
    }

    [Fact]
    public void HasOutstanding_IdleAndAcknowledged_IsFalse()
    {
        Assert.False(_state.HasOutstanding);
        _state.SubmitJobs([Job(1)], Start);
        Assert.True(_state.HasOutstanding);
        _state.AddReport(Done(1, number: 1), Start);
        Assert.True(_state.HasOutstanding);
        _state.AcknowledgeReports(_executor);
        Assert.False(_state.HasOutstanding);
    }

    [Fact]
    public void Missed_AtMostOnceJob_SendsItAgain()
    {
        _state.SubmitJobs([Job(1, maxAttempts: 1)], Start);
        _state.TakeEffects();
        _state.AddReport(new NodeProtocol.JobsMissed(_executor, 1, 1, 1), Start);
        var run = Effect<PoolEffect.SendJobs>();
        Assert.Equal((new JobId(1), 2), (run.Jobs.Single().Id, run.First));
    }

    [Fact]
    public void Held_AtMostOnceJobMissingAndBegun_EndsIt()
    {
        _state.SubmitJobs([Job(1, maxAttempts: 1)], Start);
        _state.TakeEffects();
        _state.AddReport(new NodeProtocol.JobsHeld(_executor, 1, [], new JobId(1), 1), Start);
        var outcome = Effect<PoolEffect.SendOutcomes>().Outcomes.Single();
        Assert.Equal(JobStatus.WorkerLost, outcome.Status);
        Assert.Contains("lost on the way", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    /// <summary>The executor has run the job, although its outcome was lost.</summary>
    [Fact]
    public void Held_MissingJobHasBegun_CountsTowardTheLimit()
    {
        var (state, executor) = (new PoolState(PoolSchedule.Spec(maxJobsPerExecutor: 1)), ExecutorId.New());
        state.ExecutorReady(executor, NodeId.New(), Start);
        state.SubmitJobs([Job(1)], Start);
        state.TakeEffects();
        state.AddReport(new NodeProtocol.JobsHeld(executor, 1, [], new JobId(1), 1), Start);

        Assert.Equal(executor, Assert.IsType<PoolEffect.SendRetirement>(Assert.Single(state.TakeEffects())).Executor);
    }

    /// <summary>The executor was killed with its pool, and its job has ended.</summary>
    [Fact]
    public void Missed_ExecutorIsKilled_IsNotRetired()
    {
        var (state, executor) = (new PoolState(PoolSchedule.Spec(maxJobsPerExecutor: 1)), ExecutorId.New());
        state.ExecutorReady(executor, NodeId.New(), Start);
        state.SubmitJobs([Job(1)], Start);
        state.TerminatePool();
        state.TakeEffects();
        state.AddReport(new NodeProtocol.JobsMissed(executor, 1, 1, 1), Start);

        Assert.Empty(state.TakeEffects());
    }

    [Fact]
    public void Held_MissingJobNotBegun_SendsItAgain()
    {
        _state.SubmitJobs([Job(1, maxAttempts: 1)], Start);
        _state.TakeEffects();
        _state.AddReport(new NodeProtocol.JobsHeld(_executor, 1, [], default, 1), Start);
        Assert.Equal(new JobId(1), Effect<PoolEffect.SendJobs>().Jobs.Single().Id);
    }

    [Fact]
    public void Held_BeforeAJobWasSent_LeavesIt()
    {
        _state.SubmitJobs([Job(1)], Start);
        _state.TakeEffects();
        _state.AddReport(new NodeProtocol.JobsHeld(_executor, 0, [], default, 1), Start);
        Assert.Empty(_state.TakeEffects());
    }

    private T Effect<T>()
        where T : PoolEffect => Assert.Single(_state.TakeEffects().OfType<T>());

    private NodeProtocol.JobsDone Done(long job, long number) =>
        new(_executor, [new JobOutcome(new JobId(job), JobStatus.Succeeded, default, null, 1)], 10_000, number);

    private static JobSpec Job(long id, int maxAttempts = 3) =>
        new(new JobId(id), new FunctionRef("f", new byte[] { 1 }), default, new JobPolicy(0, maxAttempts));
}
