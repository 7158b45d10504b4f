using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>What a pool does about lost messages between it and an executor.</summary>
public sealed class PoolStateComparingTests
{
    private static readonly TimeSpan Start = TimeSpan.FromDays(1);

    private readonly PoolState _state = new(PoolSchedule.Spec());
    private readonly ExecutorId _executor = ExecutorId.New();

    public PoolStateComparingTests() => _state.ExecutorReady(_executor, NodeId.New(), Start);

    [Fact]
    public void Run_OfEachJob_TellsItsPosition()
    {
        _state.Submit([Job(1), Job(2)], Start);
        Assert.Equal(1, Effect<PoolEffect.Run>().First);
        _state.Report(Done(1, number: 1), Start);
        Assert.Equal(2, Effect<PoolEffect.Run>().First);
    }

    [Fact]
    public void Report_ThatComesTwice_IsTakenOnce()
    {
        _state.Submit([Job(1)], Start);
        _state.TakeEffects();
        _state.Report(Done(1, number: 1), Start);
        Assert.Equal(new JobId(1), Assert.Single(Effect<PoolEffect.End>().Outcomes).Id);
        _state.Report(Done(1, number: 1), Start);
        Assert.Empty(_state.TakeEffects());
        Assert.Equal(0, _state.StaleCompletions);
    }

    [Fact]
    public void Report_AfterALostOne_WaitsForIt()
    {
        _state.Submit([Job(1)], Start);
        _state.TakeEffects();
        _state.Report(new NodeProtocol.JobsReturned(_executor, [], 2), Start);
        Assert.Equal(0, _state.Acknowledge(_executor));
        _state.CompareExecutors(Start);
        Assert.Equal(_executor, Effect<PoolEffect.Compare>().Executor);
        _state.Report(Done(1, number: 1), Start);
        Assert.Equal(2, _state.Acknowledge(_executor));
    }

    [Fact]
    public void CompareExecutors_WithAJobThatRuns_AsksAfterASecondAndThenSeldom()
    {
        _state.Submit([Job(1)], Start);
        _state.TakeEffects();
        var asked = Enumerable.Range(1, 20).Where(second =>
        {
            _state.CompareExecutors(Start + TimeSpan.FromSeconds(second));
            return _state.TakeEffects().Any(effect => effect is PoolEffect.Compare);
        });
        Assert.Equal([1, 2, 4, 8, 12, 16, 20], asked);
    }

    [Fact]
    public void WantsComparison_OfAnIdlePoolWhoseReportsAreAcknowledged_IsFalse()
    {
        Assert.False(_state.WantsComparison);
        _state.Submit([Job(1)], Start);
        Assert.True(_state.WantsComparison);
        _state.Report(Done(1, number: 1), Start);
        Assert.True(_state.WantsComparison);
        _state.Acknowledge(_executor);
        Assert.False(_state.WantsComparison);
    }

    [Fact]
    public void Missed_WithAJobThatMayRunOnlyOnce_SendsItAgain()
    {
        _state.Submit([Job(1, maxAttempts: 1)], Start);
        _state.TakeEffects();
        _state.Report(new NodeProtocol.JobsMissed(_executor, 1, 1, 1), Start);
        var run = Effect<PoolEffect.Run>();
        Assert.Equal((new JobId(1), 2), (run.Jobs.Single().Id, run.First));
    }

    [Fact]
    public void Held_WithoutAJobThatMayHaveRun_EndsItWhereItMayRunOnlyOnce()
    {
        _state.Submit([Job(1, maxAttempts: 1)], Start);
        _state.TakeEffects();
        _state.Report(new NodeProtocol.JobsHeld(_executor, 1, [], new JobId(1), 1), Start);
        var outcome = Effect<PoolEffect.End>().Outcomes.Single();
        Assert.Equal(JobStatus.WorkerLost, outcome.Status);
        Assert.Contains("lost on the way", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Held_WithoutAJobThatHasNotBegun_SendsItAgain()
    {
        _state.Submit([Job(1, maxAttempts: 1)], Start);
        _state.TakeEffects();
        _state.Report(new NodeProtocol.JobsHeld(_executor, 1, [], default, 1), Start);
        Assert.Equal(new JobId(1), Effect<PoolEffect.Run>().Jobs.Single().Id);
    }

    [Fact]
    public void Held_BeforeAJobWasSent_LeavesIt()
    {
        _state.Submit([Job(1)], Start);
        _state.TakeEffects();
        _state.Report(new NodeProtocol.JobsHeld(_executor, 0, [], default, 1), Start);
        Assert.Empty(_state.TakeEffects());
    }

    private T Effect<T>()
        where T : PoolEffect => Assert.Single(_state.TakeEffects().OfType<T>());

    private NodeProtocol.JobsDone Done(long job, long number) =>
        new(_executor, [new JobOutcome(new JobId(job), JobStatus.Succeeded, default, null, 1)], 10_000, number);

    private static JobSpec Job(long id, int maxAttempts = 3) =>
        new(new JobId(id), new FunctionRef("f", new byte[] { 1 }), default, 0, maxAttempts);
}
