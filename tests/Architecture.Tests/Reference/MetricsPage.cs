using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Actors.Coordinator.Http;
using Actors.Messages.Jobs;
using Prometheus;

namespace Actors.Architecture.Tests.Reference;

/// <summary>Every metric of a coordinator: its own, and those of the runtime.</summary>
internal static partial class MetricsPage
{
    public static async Task<ReferencePage> MakeAsync()
    {
        var metrics = new CoordinatorMetrics();
        var own = typeof(CoordinatorMetrics).GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Select(field => field.GetValue(metrics))
            .OfType<Collector>().OrderBy(collector => collector.Name, StringComparer.Ordinal).ToList();
        using var text = new MemoryStream();
        await metrics.WriteMetricsAsync(text, CancellationToken.None);
        var runtime = Declaration().Matches(Encoding.UTF8.GetString(text.ToArray()))
            .Where(declared => own.All(collector => collector.Name != declared.Groups["name"].Value))
            .OrderBy(declared => declared.Groups["name"].Value, StringComparer.Ordinal);

        var page = new ReferencePage("metrics", "Metrics", "the code that answers /metrics");
        page.AddParagraph("""
            A coordinator that is started with `--http` and `--http-token-file` answers `/metrics` in the text format of Prometheus.
            [Monitoring](../guides/monitoring.md) shows how to read it and what to watch.
            """);
        page.AddHeading("The coordinator");
        page.AddTable(["metric", "kind", "labels", "meaning"], [.. own.Select(RowOf)]);
        page.AddParagraph("The label `pool` is the name of a durable pool, or the id of any other pool. The label `status` is one of "
            + $"{string.Join(", ", Enum.GetNames<JobStatus>().Select(status => $"`{status.ToLowerInvariant()}`"))}.");
        page.AddHeading("The .NET runtime and the process");
        page.AddTable(["metric", "kind", "meaning"], [.. runtime.Select(RowOf)]);
        return page;
    }

    private static string[] RowOf(Collector collector) =>
    [
        $"`{collector.Name}`",
        collector.GetType().Name.ToLowerInvariant(),
        string.Join(", ", collector.LabelNames.Select(label => $"`{label}`")),
        collector.Help,
    ];

    private static string[] RowOf(Match declared) =>
        [$"`{declared.Groups["name"]}`", declared.Groups["kind"].Value, declared.Groups["help"].Value];

    [GeneratedRegex(@"# HELP (?<name>\w+) (?<help>.*)\n# TYPE \w+ (?<kind>\w+)")]
    private static partial Regex Declaration();
}
