using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Actors.Coordinator.Pools;
using Actors.Testing;

namespace Actors.Coordinator.Tests.Pools;

public sealed class JobWaitsTests : IDisposable
{
    private readonly Meter _meter = new("Actors");
    private readonly JobWaits _waits;

    public JobWaitsTests() => _waits = new JobWaits(_meter);

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void RecordWaits_ManyFunctions_ReportsTheLastAsOther()
    {
        using var metrics = new RecordedMetrics("functions");

        _waits.RecordWaits("functions", Waits(1100));

        Assert.Equal(1100, metrics.Count("actors.job.wait.duration"));
        Assert.Equal(100, metrics.Count("actors.job.wait.duration", "actors.function=other"));
        Assert.Equal(1001, metrics.GetTags("actors.job.wait.duration").Count);
    }

    [Fact]
    public void RecordWaits_ManyPools_ReportsTheLastAsOther()
    {
        using var first = new RecordedMetrics("pool number 7");
        using var last = new RecordedMetrics("pool number 150");
        using var other = new RecordedMetrics("other");

        for (var pool = 0; pool < 200; pool++)
            _waits.RecordWaits($"pool number {pool}", Waits(1));

        Assert.Equal(11, first.Count("actors.job.wait.duration"));
        Assert.Equal(0, last.Count("actors.job.wait.duration"));
        Assert.Equal(100, other.Count("actors.job.wait.duration", "actors.pool=other"));
    }

    [Fact]
    public void RecordWaits_LongName_IsCut()
    {
        using var metrics = new RecordedMetrics("long");

        _waits.RecordWaits("long", [new JobWait(new string('x', 1_000_000), TimeSpan.FromSeconds(2))]);

        Assert.Equal(2, metrics.Sum("actors.job.wait.duration"));
        Assert.InRange(metrics.GetTags("actors.job.wait.duration").Single().Length, 1, 300);
    }

    [Fact]
    public void AreObserved_WithoutAListener_IsFalse()
    {
        using var meter = new Meter("unobserved");

        Assert.False(new JobWaits(meter).AreObserved);
    }

    private static ImmutableArray<JobWait> Waits(int functions) =>
        [.. Enumerable.Range(0, functions).Select(number => new JobWait($"Function{number}", TimeSpan.FromSeconds(1)))];
}
