using Actors.Pools;

namespace Actors.Client.Tests.Pools;

/// <summary>When the progress of a map is reported, by a virtual clock.</summary>
public sealed class MapProgressTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly VirtualClock _clock = new();
    private readonly PoolCallbacks _callbacks = new(TimeProvider.System);
    private readonly List<(TimeSpan At, int Value)> _reports = [];

    [Fact]
    public async Task ReportRunning_ChunkOfTenSeconds_ReportsTwiceASecond()
    {
        using var progress = Start();
        progress.StartAsking(() => progress.ReportRunning(0, (int)(_clock.Now.TotalMilliseconds / 60)));

        await PassAsync(TimeSpan.FromSeconds(10));

        Assert.All(
            _reports.Skip(1).Zip(_reports, (next, last) => next.At - last.At), pause => Assert.InRange(pause.TotalMilliseconds, 100, 500));
        Assert.InRange(_reports[0].At.TotalMilliseconds, 0, 500);
        Assert.InRange(_reports[^1].At.TotalSeconds, 9.5, 10);
        Assert.Equal(_reports.Select(report => report.Value).Order().Distinct(), _reports.Select(report => report.Value));
    }

    [Fact]
    public async Task ReportEnded_ManyShortChunks_ReportsTenTimesASecondAndTheEnd()
    {
        using var progress = Start();
        for (var chunk = 1; chunk <= 100; chunk++)
        {
            progress.ReportEnded(chunk, chunk);
            await PassAsync(Step);
        }

        progress.ReportFinal(101);
        await _callbacks.Idle;

        Assert.InRange(_reports.Count, 10, 12);
        Assert.Equal((1, 101), (_reports[0].Value, _reports[^1].Value));
    }

    [Fact]
    public async Task ReportRunning_CountUnchanged_ReportsNothing()
    {
        using var progress = Start();
        progress.StartAsking(() => progress.ReportRunning(0, 1));

        await PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(1, Assert.Single(_reports).Value);
    }

    private MapProgress Start() => new(new Reports(this), _callbacks, _clock);

    private async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            _clock.Advance(Step);
            await _callbacks.Idle;
        }
    }

    private sealed class Reports(MapProgressTests test) : IProgress<int>
    {
        public void Report(int value) => test._reports.Add((test._clock.Now, value));
    }
}
