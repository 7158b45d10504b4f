using Microsoft.Extensions.Time.Testing;

namespace Actors.Testing.Tests;

/// <summary>The clock of .NET's own test library drives timeouts, map timeouts and progress.</summary>
public sealed class FakeTimeProviderTests
{
    private static readonly FakeTimeProvider SlowClock = new();

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Advance_BeyondTheTimeoutOfAHangingJob_EndsIt()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(1), Fault.Hang());
        await using var pool = TestPool.Inline(plan: plan, clock: _clock);
        var job = pool.ApplyAsync(Jobs.Square, 3, new JobOptions { Timeout = TimeSpan.FromHours(5) });

        _clock.Advance(TimeSpan.FromHours(4));
        Assert.False(job.IsCompleted);
        _clock.Advance(TimeSpan.FromHours(2));

        await Assert.ThrowsAsync<JobTimedOutException>(() => job.Task);
    }

    [Fact]
    public async Task Advance_InsideAJob_CountsAsItsRunTime()
    {
        await using var pool = TestPool.Inline(clock: SlowClock);

        var job = pool.ApplyAsync(Sleep, TimeSpan.FromMinutes(2), new JobOptions { Timeout = TimeSpan.FromMinutes(1) });

        await Assert.ThrowsAsync<JobTimedOutException>(() => job.Task);
        Assert.Equal(2, await pool.ApplyAsync(Sleep, TimeSpan.FromMinutes(2), new JobOptions { Timeout = TimeSpan.FromMinutes(3) }));
    }

    [Fact]
    public async Task Advance_BeyondTheTimeoutOfAMap_ReturnsTheResultsSoFar()
    {
        var plan = FaultPlan.Create(1).Add(FaultTrigger.OnJob(2), Fault.Hang());
        await using var pool = TestPool.Inline(plan: plan, clock: _clock);
        var map = pool.MapResultsAsync(Jobs.Square, [1, 2], chunkSize: 1, new JobOptions { MapTimeout = TimeSpan.FromDays(1) });

        _clock.Advance(TimeSpan.FromDays(2));

        var results = await map;
        Assert.Equal(1, results[0].Value);
        Assert.IsType<JobTimedOutException>(results[1].Error);
    }

    private static int Sleep(TimeSpan time)
    {
        SlowClock.Advance(time);
        return (int)time.TotalMinutes;
    }
}
