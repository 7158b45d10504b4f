using Actors.Messages.Executors;
using Actors.Messages.Jobs;

namespace Actors.Architecture.Tests.Reference;

/// <summary>Every metric of a coordinator: its own, and those of the runtime.</summary>
internal static class MetricsPage
{
    public static async Task<ReferencePage> MakeAsync()
    {
        var metrics = await ExportedMetrics.ReadAsync();
        var page = new ReferencePage("metrics", "Metrics", "the code that answers /metrics");
        page.AddParagraph("""
            A coordinator that is started with `--http` and `--http-token-file` answers `/metrics` in the text format of Prometheus.
            [Monitoring](../guides/monitoring.md) shows how to read it and what to watch.
            """);
        page.AddHeading("The coordinator");
        page.AddTable(
            ["metric", "kind", "labels", "meaning"],
            [.. metrics.Where(metric => metric.IsOwn).Select(metric => (string[])
                [$"`{metric.Name}`", metric.Kind, string.Join(", ", metric.Labels.Select(label => $"`{label}`")), metric.Help])]);
        page.AddParagraph("""
            The label `pool` is the name of a durable pool, or `PoolOptions.Name`, or `default`. Pools of the same name are added up. The
            label `function` is the name of the function. Counters and histograms have at most 100 pools, and at most 1000 functions of all
            pools, since the start of the coordinator: later ones are counted as `other`.
            """);
        page.AddParagraph(
            $"The label `status` is one of {NamesOf<JobStatus>()}. The label `reason` is one of {NamesOf<ExecutorExitReason>()}.");
        page.AddHeading("The .NET runtime and the process");
        page.AddTable(
            ["metric", "kind", "meaning"],
            [.. metrics.Where(metric => !metric.IsOwn).Select(metric => (string[])[$"`{metric.Name}`", metric.Kind, metric.Help])]);
        return page;
    }

    private static string NamesOf<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(name => $"`{name.ToLowerInvariant()}`"));
}
