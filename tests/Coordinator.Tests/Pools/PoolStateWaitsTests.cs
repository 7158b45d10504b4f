using System.Collections.Immutable;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Payloads;

namespace Actors.Coordinator.Tests.Pools;

public class PoolStateWaitsTests
{
    private const long Second = 1_000_000;

    private readonly PoolState _state = new(PoolSchedule.Spec()) { MeasuresWaits = true };
    private readonly ExecutorId _executor = ExecutorId.New();

    [Fact]
    public void JobsDone_JobReportedAlone_WaitedUntilItsStart()
    {
        Submit(1, at: 10);
        Ready(at: 15);

        Assert.Equal([TimeSpan.FromSeconds(7)], GetWaits(at: 20, busyMicroseconds: 3 * Second, 1));
    }

    [Fact]
    public void JobsDone_JobsReportedTogether_StartOneAfterAnother()
    {
        Ready(at: 0);
        Submit(1, at: 10);
        GetWaits(at: 10, busyMicroseconds: 1, 1);
        Submit(2, at: 10);
        Submit(3, at: 11);

        Assert.Equal([TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(7)], GetWaits(at: 20, busyMicroseconds: 4 * Second, 2, 3));
    }

    [Fact]
    public void JobsDone_ExecutorWasLostBefore_CountsFromTheAcceptance()
    {
        Ready(at: 0);
        Submit(1, at: 10);
        _state.ExecutorLost(_executor, TimeSpan.FromSeconds(30));
        Ready(at: 40);

        Assert.Equal([TimeSpan.FromSeconds(35)], GetWaits(at: 50, busyMicroseconds: 5 * Second, 1));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void JobsDone_ImpossibleTime_IsNotTrusted(long busyMicroseconds)
    {
        Ready(at: 0);
        Submit(1, at: 10);

        Assert.InRange(Assert.Single(GetWaits(at: 20, busyMicroseconds, 1)), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void JobsDone_NobodyObserves_MeasuresNothing()
    {
        Ready(at: 0);
        Submit(1, at: 10);
        _state.MeasuresWaits = false;

        Assert.Empty(GetWaits(at: 20, busyMicroseconds: 1, 1));
    }

    /// <summary>The report follows the upload of the result, so it does not show when the job began.</summary>
    [Fact]
    public void JobsDone_StoredResult_IsNotMeasured()
    {
        Ready(at: 0);
        Submit(1, at: 10);

        var stored = new JobOutcome(new JobId(1), JobStatus.Succeeded, default, null, 1, new StoredPayload(PayloadId.New(), 1, default));
        Assert.Empty(GetWaits(at: 20, busyMicroseconds: 1, [stored]));
    }

    private void Ready(int at) => _state.ExecutorReady(_executor, NodeId.New(), TimeSpan.FromSeconds(at));

    private void Submit(long job, int at) => _state.SubmitJobs(
        [new JobSpec(new JobId(job), new FunctionRef("f", new byte[] { 1 }), default, new JobPolicy(0, 3))], TimeSpan.FromSeconds(at));

    private IEnumerable<TimeSpan> GetWaits(int at, long busyMicroseconds, params IEnumerable<long> jobs) => GetWaits(
        at, busyMicroseconds, [.. jobs.Select(job => new JobOutcome(new JobId(job), JobStatus.Succeeded, default, null, 1))]);

    private IEnumerable<TimeSpan> GetWaits(int at, long busyMicroseconds, ImmutableArray<JobOutcome> outcomes)
    {
        _state.TakeEffects();
        _state.JobsDone(_executor, outcomes, busyMicroseconds, TimeSpan.FromSeconds(at));
        return _state.TakeEffects().OfType<PoolEffect.RecordWaits>().SelectMany(effect => effect.Waits).Select(wait => wait.Time);
    }
}
