using Actors.Chaos.Injection;
using Actors.Chaos.Load;
using Actors.Chaos.Reports;

namespace Actors.Chaos.Tests;

public class RecoveryTests
{
    private static readonly InjectionRecord Fault = new(
        TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), "kill-node", "n", "", InjectionStatus.Injected);

    [Fact]
    public void ComputeTime_ThroughputDropsAndReturns_IsTheEndOfTheDrop() =>
        Assert.Equal(TimeSpan.FromSeconds(4), Recovery.ComputeTime(Measure(second => second is >= 10 and < 13.5 ? 10 : 100), Fault));

    [Fact]
    public void ComputeTime_NoDrop_IsZero() => Assert.Equal(TimeSpan.Zero, Recovery.ComputeTime(Measure(_ => 100), Fault));

    [Theory]
    [InlineData(79, false)]
    [InlineData(80, true)]
    public void ComputeTime_PartOfTheThroughput_CountsFrom80Percent(int after, bool isRecovered) =>
        Assert.Equal(
            isRecovered,
            Recovery.ComputeTime(Measure(second => second is >= 10 and < 12 ? 0 : second >= 12 ? after : 100), Fault) is not null);

    /// <summary>The other node keeps the throughput, and the jobs of the killed one wait for its lease.</summary>
    [Fact]
    public void ComputeTime_OldJobIsPending_IsTheEndOfThatJob() => Assert.Equal(
        TimeSpan.FromSeconds(5),
        Recovery.ComputeTime(
            Measure(_ => 100, second => second is >= 10 and < 14.5 ? TimeSpan.FromSeconds(9.9) : TimeSpan.FromSeconds(second)), Fault));

    [Fact]
    public void ComputeTime_NeverReturns_IsNull() => Assert.Null(Recovery.ComputeTime(Measure(second => second >= 10 ? 1 : 100), Fault));

    [Fact]
    public void ComputeTime_NothingBefore_IsNull() => Assert.Null(Recovery.ComputeTime([], Fault));

    [Fact]
    public void ComputeTime_DropLongAfterwards_HasAnotherReason() =>
        Assert.Equal(TimeSpan.Zero, Recovery.ComputeTime(Measure(second => second >= 25 ? 0 : 100), Fault));

    [Fact]
    public void ComputeBaseline_IsTheMedianOfTenSeconds() =>
        Assert.Equal(50, Recovery.ComputeBaseline(Measure(second => second < 5 ? 1000 : 50), TimeSpan.FromSeconds(15)));

    private static List<LoadInterval> Measure(Func<double, int> getJobs, Func<double, TimeSpan?>? getOldest = null) =>
    [
        .. Enumerable.Range(0, 60).Select(index => index * 0.5).Select(second => new LoadInterval(
            TimeSpan.FromSeconds(second), getJobs(second), 0, 0, 0, null, null, getOldest?.Invoke(second))),
    ];
}
