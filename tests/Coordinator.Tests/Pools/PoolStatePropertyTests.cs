using Actors.Messages.Jobs;
using CsCheck;

namespace Actors.Coordinator.Tests.Pools;

/// <summary>Random schedules of submissions, ends, crashes, timeouts, cancellations, returned jobs and lost nodes.</summary>
public sealed class PoolStatePropertyTests
{
    private static readonly Gen<(int Kind, int Argument)[]> Schedules = Gen.Select(Gen.Int[0, 10], Gen.Int[0, 1000]).Array[0, 120];

    [Fact]
    public void AcceptedJobs_AfterAnySchedule_EndExactlyOnce() => Schedules.Sample(steps =>
    {
        var pool = Run(steps);
        pool.RunToTheEnd();
        Assert.Equal(pool.Accepted, pool.Ended.Count);
        Assert.Equal(0, pool.Stored);
    });

    [Fact]
    public void ClosePool_AfterAnySchedule_FinishesAfterTheExecutors() => Schedules.Sample(steps =>
    {
        var pool = Run(steps);
        pool.Close();
        pool.RunToTheEnd();
        Assert.True(pool.IsReleased);
        pool.ExitAll();
        Assert.True(pool.IsFinished);
    });

    [Fact]
    public void TerminatePool_AfterAnySchedule_EndsEveryJobAtOnce() => Schedules.Sample(steps =>
    {
        var pool = Run(steps);
        pool.Terminate();
        Assert.Equal(pool.Accepted, pool.Ended.Count);
        pool.ExitAll();
        Assert.True(pool.IsFinished);
        Assert.Equal(0, pool.Stored);
    });

    [Fact]
    public void NodeLost_AfterAnySchedule_LosesNoRepeatableJob() => Schedules.Sample(steps =>
    {
        var pool = Run(steps);
        var before = pool.Ended.Count;
        pool.LoseNode();
        Assert.All(pool.Ended.Skip(before), ended =>
            Assert.Contains(ended.Value.Status, new[] { JobStatus.WorkerLost, JobStatus.Canceled }));
        pool.RunToTheEnd();
        Assert.Equal(pool.Accepted, pool.Ended.Count);
    });

    [Fact]
    public void MaxJobsPerWorker_AfterAnySchedule_IsNeverExceeded() => Schedules.Sample(steps =>
    {
        var pool = new PoolSchedule(PoolSchedule.Spec(maxJobsPerExecutor: 3));
        foreach (var (kind, argument) in steps)
            pool.Step(kind, argument);
        pool.RunToTheEnd();
        Assert.Equal(pool.Accepted, pool.Ended.Count);
    });

    private static PoolSchedule Run((int Kind, int Argument)[] steps)
    {
        var pool = new PoolSchedule(PoolSchedule.Spec());
        foreach (var (kind, argument) in steps)
            pool.Step(kind, argument);
        return pool;
    }
}
