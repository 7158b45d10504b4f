using System.Globalization;
using System.Net;
using System.Text;
using Actors.Chaos.Injection;
using Actors.Chaos.Load;

namespace Actors.Chaos.Reports;

/// <summary>Creates the report of a run: one HTML page that needs no other file.</summary>
internal static class ReportPage
{
    private const string Style = """
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 1040px; margin: 2em auto; padding: 0 1em; color: #1d2733; }
        h1 { font-size: 1.6em; margin-bottom: .2em; } h2 { font-size: 1.2em; margin-top: 1.8em; }
        .verdict { padding: .7em 1em; border-radius: 6px; font-weight: 600; }
        .passed { background: #e2f4e5; color: #14532d; } .failed { background: #fde4e1; color: #7f1d1d; }
        table { border-collapse: collapse; width: 100%; font-size: .93em; }
        th, td { text-align: left; padding: .35em .6em; border-bottom: 1px solid #d9dfe6; vertical-align: top; }
        td.right, th.right { text-align: right; white-space: nowrap; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .15em 1.2em; } dt { color: #566373; } dd { margin: 0; }
        svg { width: 100%; height: auto; margin: .4em 0; } svg text { font: 12px system-ui, sans-serif; fill: #3c4856; }
        svg .title { font-weight: 600; font-size: 14px; fill: #1d2733; } svg .number { font-size: 10px; fill: #9a3412; }
        .grid { stroke: #e6eaef; } .axis { stroke: #8492a2; }
        .fault { fill: #ea580c; } .skipped { fill: #cbd2da; } .band { fill: #ea580c; fill-opacity: .16; }
        @media (prefers-color-scheme: dark) { body { background: #fff; } }
        """;

    /// <summary>Creates the page.</summary>
    public static string CreatePage(ChaosResult result)
    {
        var html = new StringBuilder();
        html.Append(Invariant($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Chaos report: {Encode(result.Plan.Name)}</title>
            <meta name="viewport" content="width=device-width, initial-scale=1"><style>
            {Style}
            </style></head><body>
            <h1>Chaos report: {Encode(result.Plan.Name)}</h1>
            <p class="verdict {(result.HasPassed ? "passed" : "failed")}">{Encode(result.Verdict)}.</p>

            """));
        AddSummary(html, result);
        AddViolations(html, result);
        AddFaults(html, result);
        AddCharts(html, result);
        return html.Append("</body></html>\n").ToString();
    }

    private static void AddSummary(StringBuilder html, ChaosResult result)
    {
        html.Append("<dl>");
        AddEntry(html, "Plan", result.PlanFile);
        AddEntry(html, "Seed", Invariant($"{result.Seed} (the same seed repeats the faults: --seed {result.Seed})"));
        AddEntry(html, "Started", Invariant($"{result.Began:yyyy-MM-dd HH:mm:ss} UTC"));
        AddEntry(html, "Duration", FormatSeconds(result.Duration));
        AddEntry(html, "Coordinators", string.Join(", ", result.Coordinators));
        AddEntry(html, "Nodes", string.Join(", ", result.Nodes));
        if (result.Counts is { } counts)
        {
            AddEntry(html, "Jobs", Invariant($"{counts.JobsSubmitted} submitted, {counts.JobsCorrect} ended with the right result"));
            AddEntry(html, "Queue", Invariant($"{counts.QueueItems} items delivered"));
            AddEntry(html, "Lock", Invariant($"{counts.LockHolds} times acquired"));
            AddEntry(html, "Pool and queue", result.IsDurable ? "durable" : "not durable: the coordinators have no store");
        }

        AddEntry(html, "Faults", Invariant($"{result.Injected} injected, {result.Faults.Count - result.Injected} skipped"));
        if (FindSlowestRecovery(result) is { } slowest)
            AddEntry(html, "Slowest recovery", slowest);
        html.Append("</dl>\n");
    }

    private static string? FindSlowestRecovery(ChaosResult result)
    {
        var recoveries = result.Faults.Index().Where(fault => fault.Item.Status != InjectionStatus.Skipped)
            .Select(fault => (Number: fault.Index + 1, Fault: fault.Item, Time: Recovery.ComputeTime(result.Intervals, fault.Item)))
            .ToList();
        if (result.Intervals.Count == 0 || recoveries.Count == 0)
            return null;
        var slowest = recoveries.FirstOrDefault(recovery => recovery.Time is null) is { Fault: not null } unrecovered
            ? unrecovered
            : recoveries.MaxBy(recovery => recovery.Time);
        return $"{DescribeRecovery(result, slowest.Fault)} (fault {slowest.Number}, {slowest.Fault.Name})";
    }

    private static void AddViolations(StringBuilder html, ChaosResult result)
    {
        html.Append("<h2>Invariants</h2>\n");
        html.Append("<p>Every job ends once, with the right result. Every queue item reaches one consumer, in the order of its producer. ")
            .Append("The lock has one holder at a time, and its tokens grow.</p>\n");
        if (result.Counts is null)
            html.Append("<p>Nothing was checked: the run had no load.</p>\n");
        else if (result.ViolationCount == 0)
            html.Append("<p>None was violated.</p>\n");
        if (result.ViolationCount == 0)
            return;
        html.Append("<ul>");
        foreach (var text in result.Violations)
            html.Append(Invariant($"<li>{Encode(text)}</li>"));
        if (result.ViolationCount > result.Violations.Count)
            html.Append(Invariant($"<li>and {result.ViolationCount - result.Violations.Count} more</li>"));
        html.Append("</ul>\n");
    }

    private static void AddFaults(StringBuilder html, ChaosResult result)
    {
        html.Append("<h2>Faults</h2>\n<table><tr><th class='right'>#</th><th class='right'>at</th><th>fault</th><th>target</th>")
            .Append("<th>detail</th><th class='right'>lasted</th><th class='right'>time to recover</th></tr>\n");
        foreach (var (fault, index) in result.Faults.Select((fault, index) => (fault, index)))
        {
            html.Append(Invariant($"<tr><td class='right'>{index + 1}</td><td class='right'>{FormatSeconds(fault.Begin)}</td>"))
                .Append(Invariant($"<td>{Encode(fault.Name)}</td><td>{Encode(fault.Target)}</td><td>{Encode(DescribeDetail(fault))}</td>"))
                .Append(Invariant($"<td class='right'>{DescribeLength(fault)}</td>"))
                .Append(Invariant($"<td class='right'>{Encode(DescribeRecovery(result, fault))}</td></tr>\n"));
        }

        html.Append("</table>\n<p>The time to recover is the time from the beginning of a fault until the throughput is back at 80 % of ")
            .Append("its median in the 10 s before, and no operation is pending that began before the fault. It is measured in steps of ")
            .Append(Invariant($"{LoadTimeline.Interval.TotalSeconds:0.0} s; 0 s means that neither was ever missing.</p>\n"));
    }

    private static void AddCharts(StringBuilder html, ChaosResult result)
    {
        var chart = new TimelineChart(Math.Max(1, result.Duration.TotalSeconds), result.Faults);
        html.Append("<h2>Time line</h2>\n").Append(chart.DrawFaults());
        if (result.Intervals.Count == 0)
            return;
        var perSecond = 1 / LoadTimeline.Interval.TotalSeconds;
        html.Append(chart.DrawLines(
            "Throughput (per second)",
            CreateLine(result, "jobs", "#2563eb", interval => interval.Jobs * perSecond),
            CreateLine(result, "queue items", "#059669", interval => interval.QueueItems * perSecond),
            CreateLine(result, "lock holds", "#9333ea", interval => interval.LockHolds * perSecond)));
        html.Append(chart.DrawLines(
            "Latency of jobs (ms)",
            CreateLine(result, "median", "#2563eb", interval => interval.MedianLatency?.TotalMilliseconds),
            CreateLine(result, "95 % below", "#db2777", interval => interval.HighLatency?.TotalMilliseconds)));
        html.Append(chart.DrawLines(
            "Errors (calls that failed and were repeated, per second)",
            CreateLine(result, "errors", "#dc2626", interval => interval.Errors * perSecond)));
    }

    private static ChartLine CreateLine(ChaosResult result, string name, string color, Func<LoadInterval, double?> getValue) =>
        new(name, color, [.. result.Intervals.Select(interval => (interval.Start.TotalSeconds, getValue(interval)))]);

    private static string DescribeDetail(InjectionRecord fault) => fault.Status switch
    {
        InjectionStatus.Skipped => $"skipped: {fault.Detail}",
        _ => fault.Detail,
    };

    private static string DescribeLength(InjectionRecord fault) => fault.End > fault.Begin ? FormatSeconds(fault.End - fault.Begin) : "";

    /// <summary>Describes the time to recover of a fault.</summary>
    public static string DescribeRecovery(ChaosResult result, InjectionRecord fault) =>
        fault.Status == InjectionStatus.Skipped || result.Intervals.Count == 0 ? "–"
        : Recovery.ComputeTime(result.Intervals, fault) is { } time ? FormatSeconds(time)
        : "not within the run";

    private static void AddEntry(StringBuilder html, string name, string value) =>
        html.Append(Invariant($"<dt>{name}</dt><dd>{Encode(value)}</dd>"));

    private static string FormatSeconds(TimeSpan time) => Invariant($"{time.TotalSeconds:0.0} s");

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
