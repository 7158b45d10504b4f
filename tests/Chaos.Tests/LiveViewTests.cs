using Actors.Chaos.Injection;
using Actors.Chaos.Load;
using Actors.Chaos.Reports;
using Spectre.Console;

namespace Actors.Chaos.Tests;

public class LiveViewTests
{
    [Fact]
    public async Task ShowUntilAsync_NoTerminal_WritesTheStateAndEachFaultOnce()
    {
        var text = await ShowAsync(new AnsiConsoleSettings { Ansi = AnsiSupport.No }, CreateState(violations: 0));

        Assert.Contains("10.0 s  90 of 100 jobs correct, 8 jobs/s, 4 items/s, invariants hold", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n'), line => line.Contains("kill-worker: host:1 (worker [4711])", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ShowUntilAsync_Violation_SaysSo()
    {
        var text = await ShowAsync(new AnsiConsoleSettings { Ansi = AnsiSupport.No }, CreateState(violations: 2));

        Assert.Contains("2 INVARIANTS VIOLATED", text, StringComparison.Ordinal);
    }

    /// <summary>Shows a run that ends when the state has been read.</summary>
    private static async Task<string> ShowAsync(AnsiConsoleSettings settings, LiveState state)
    {
        using var output = new StringWriter();
        settings.Out = new AnsiConsoleOutput(output);
        var run = new TaskCompletionSource();
        await new LiveView(AnsiConsole.Create(settings)).ShowUntilAsync(run.Task, () =>
        {
            run.TrySetResult();
            return state;
        });
        return output.ToString();
    }

    private static LiveState CreateState(long violations) => new(
        TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), new CheckedCounts(100, 90, 40, 20),
        new LoadInterval(
            TimeSpan.FromSeconds(9), (int)(8 * LoadTimeline.Interval.TotalSeconds), (int)(4 * LoadTimeline.Interval.TotalSeconds), 3, 0,
            null, null, null),
        violations,
        [
            new InjectionRecord(
                TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6), "kill-worker", "host:1", "worker [4711]", InjectionStatus.Injected),
        ]);
}
