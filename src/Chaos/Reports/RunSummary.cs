using System.Globalization;

namespace Actors.Chaos.Reports;

/// <summary>The result of a run in short, for people and for programs.</summary>
internal static class RunSummary
{
    /// <summary>Describes the result for programs: the object is serialized as JSON.</summary>
    /// <param name="result">The result.</param>
    /// <param name="report">The path of the report.</param>
    public static object Describe(ChaosResult result, string report) => new
    {
        result.HasPassed,
        result.Verdict,
        result.Seed,
        Report = report,
        Faults = result.Faults.Select(fault => new
        {
            fault.Name,
            fault.Target,
            AtSeconds = fault.Begin.TotalSeconds,
            Recovery = ReportPage.DescribeRecovery(result, fault),
        }),
        result.Counts,
        result.ViolationCount,
        result.Violations,
    };

    /// <summary>Writes the faults with their times to recover, the counts and the verdict.</summary>
    /// <param name="output">Receives the text.</param>
    /// <param name="result">The result.</param>
    /// <param name="report">The path of the report.</param>
    public static void Write(TextWriter output, ChaosResult result, string report)
    {
        foreach (var fault in result.Faults)
        {
            var recovery = ReportPage.DescribeRecovery(result, fault);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{fault.Begin.TotalSeconds,7:0.0} s  {fault.Name,-17} {fault.Target,-24} recovered: {recovery}"));
        }

        if (result.Counts is { } counts)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"jobs: {counts.JobsSubmitted} submitted, {counts.JobsCorrect} correct; queue: {counts.QueueItems} items; "
                + $"lock: {counts.LockHolds} holds"));
        }

        foreach (var violation in result.Violations)
            output.WriteLine(violation);
        output.WriteLine($"{result.Verdict}. Seed {result.Seed}. Report: {report}");
    }
}
