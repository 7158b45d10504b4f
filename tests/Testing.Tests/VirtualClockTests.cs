namespace Actors.Testing.Tests;

public class VirtualClockTests
{
    [Fact]
    public void Advance_Timers_FireInTheOrderOfTheirTimes()
    {
        var clock = new VirtualClock();
        List<string> fired = [];
        using var late = clock.CreateTimer(_ => fired.Add($"late {clock.Elapsed.TotalSeconds}"), null, TimeSpan.FromSeconds(3),
            Timeout.InfiniteTimeSpan);
        using var periodic = clock.CreateTimer(_ => fired.Add($"tick {clock.Elapsed.TotalSeconds}"), null, TimeSpan.FromSeconds(2),
            TimeSpan.FromSeconds(2));
        var stopped = clock.CreateTimer(_ => fired.Add("stopped"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        stopped.Dispose();

        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["tick 2", "late 3", "tick 4"], fired);
        Assert.Equal(TimeSpan.FromSeconds(5), clock.Elapsed);
        Assert.Equal(TimeSpan.FromSeconds(5), clock.GetElapsedTime(0));
    }

    [Fact]
    public async Task Delay_OnTheClock_EndsWhenItAdvances()
    {
        var clock = new VirtualClock();
        var delay = Task.Delay(TimeSpan.FromDays(1), clock);

        clock.Advance(TimeSpan.FromDays(1));

        await delay;
    }
}
