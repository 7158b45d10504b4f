using System.Globalization;
using Actors.Chaos.Injection;
using Actors.Chaos.Load;
using Spectre.Console;

namespace Actors.Chaos;

/// <summary>The state of a run, for its live view.</summary>
/// <param name="Elapsed">The time since the beginning.</param>
/// <param name="Duration">The duration of the run.</param>
/// <param name="Counts">The checked operations; null without a load.</param>
/// <param name="Last">The last complete second of measurements; null at the beginning.</param>
/// <param name="Violations">The number of violated invariants.</param>
/// <param name="Faults">The faults so far.</param>
internal sealed record LiveState(
    TimeSpan Elapsed, TimeSpan Duration, Reports.CheckedCounts? Counts, LoadInterval? Last, long Violations,
    IReadOnlyList<InjectionRecord> Faults);

/// <summary>Shows a run: a table that is redrawn in a terminal, and plain lines elsewhere.</summary>
/// <param name="console">The console.</param>
internal sealed class LiveView(IAnsiConsole console)
{
    private const int ShownFaults = 8;

    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    /// <summary>Shows the state until the run has ended.</summary>
    public Task ShowUntilAsync(Task run, Func<LiveState> getState) => console.Profile.Out.IsTerminal
        ? console.Live(CreateTable(getState())).AutoClear(true).StartAsync(context => RedrawAsync(context, run, getState))
        : WriteLinesAsync(run, getState);

    private static async Task RedrawAsync(LiveDisplayContext context, Task run, Func<LiveState> getState)
    {
        while (!run.IsCompleted)
        {
            context.UpdateTarget(CreateTable(getState()));
            await Task.WhenAny(run, Task.Delay(RedrawInterval)).ConfigureAwait(false);
        }
    }

    private async Task WriteLinesAsync(Task run, Func<LiveState> getState)
    {
        var (written, next) = (0, TimeSpan.Zero);
        while (!run.IsCompleted)
        {
            var state = getState();
            foreach (var fault in state.Faults.Skip(written))
                console.Profile.Out.Writer.WriteLine(FormatFault(fault));
            written = state.Faults.Count;
            if (state.Elapsed >= next)
            {
                console.Profile.Out.Writer.WriteLine(FormatLine(state));
                next = state.Elapsed + LineInterval;
            }

            await Task.WhenAny(run, Task.Delay(RedrawInterval)).ConfigureAwait(false);
        }

        foreach (var fault in getState().Faults.Skip(written))
            console.Profile.Out.Writer.WriteLine(FormatFault(fault));
    }

    private static Table CreateTable(LiveState state)
    {
        var table = new Table().AddColumns("", "").HideHeaders().Border(TableBorder.Rounded);
        table.AddRow("time", Invariant($"{state.Elapsed.TotalSeconds:0} of {state.Duration.TotalSeconds:0} s"));
        if (state.Counts is { } counts)
        {
            table.AddRow("jobs", Invariant($"{counts.JobsCorrect} correct of {counts.JobsSubmitted}"));
            table.AddRow("throughput", FormatRates(state.Last));
            table.AddRow("queue, lock", Invariant($"{counts.QueueItems} items, {counts.LockHolds} holds"));
        }

        table.AddRow("invariants", state.Violations == 0 ? "[green]hold[/]" : Invariant($"[red]{state.Violations} violated[/]"));
        table.AddRow("faults", string.Join('\n', state.Faults.TakeLast(ShownFaults).Select(fault => FormatFault(fault).EscapeMarkup())));
        return table;
    }

    private static string FormatLine(LiveState state) => state.Counts is not { } counts
        ? Invariant($"{state.Elapsed.TotalSeconds,6:0.0} s  {state.Faults.Count} faults")
        : Invariant($"{state.Elapsed.TotalSeconds,6:0.0} s  {counts.JobsCorrect} of {counts.JobsSubmitted} jobs correct, ")
            + $"{FormatRates(state.Last)}, {FormatViolations(state.Violations)}";

    private static string FormatViolations(long count) =>
        count == 0 ? "invariants hold" : Invariant($"{count} INVARIANTS VIOLATED");

    private static string FormatRates(LoadInterval? last) => last is null
        ? "–"
        : Invariant($"{GetRate(last.Jobs):0} jobs/s, {GetRate(last.QueueItems):0} items/s");

    private static double GetRate(int count) => count / LoadTimeline.Interval.TotalSeconds;

    private static string FormatFault(InjectionRecord fault) => fault.Status switch
    {
        InjectionStatus.Injected => Invariant($"{fault.Begin.TotalSeconds,6:0.0} s  {fault.Name}: {fault.Target} ({fault.Detail})"),
        InjectionStatus.Skipped => Invariant($"{fault.Begin.TotalSeconds,6:0.0} s  {fault.Name} skipped: {fault.Detail}"),
        _ => Invariant($"{fault.Begin.TotalSeconds,6:0.0} s  {fault.Name}: {fault.Target}: {fault.Detail}"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
