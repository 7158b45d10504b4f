using System.Diagnostics.Metrics;
using System.Text;
using System.Text.RegularExpressions;
using Actors.Coordinator.Http;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Pools;
using Actors.Coordinator.Telemetry;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Telemetry;

namespace Actors.Architecture.Tests.Reference;

/// <summary>The metrics that a coordinator with a pool answers to <c>/metrics</c>, read from its answer.</summary>
internal static partial class ExportedMetrics
{
    /// <summary>Gets all metrics, ordered by name.</summary>
    public static async Task<IReadOnlyList<ExportedMetric>> ReadAsync()
    {
        using var coordinator = new CoordinatorMeter();
        using var process = new Meter(ActorsTelemetry.Name);
        using var export = CoordinatorMetrics.ExportMeters(coordinator.Meter, process);
        coordinator.UpdateFrom(new NodesReport(1, 1));
        coordinator.UpdateFrom(new PoolReport(
            PoolId.New(), "pool", false, new PoolFigures(1, 1, 1, 1), [.. new long[Enum.GetValues<JobStatus>().Length]],
            [.. new long[Enum.GetValues<ExecutorExitReason>().Length]], 0, false));
        new JobWaits(process).RecordWaits("pool", [new JobWait("Function", TimeSpan.FromSeconds(1))]);
        using var text = new MemoryStream();
        await export.WriteMetricsAsync(text, CancellationToken.None);
        return [.. ParseMetrics(Encoding.UTF8.GetString(text.ToArray())).OrderBy(metric => metric.Name, StringComparer.Ordinal)];
    }

    private static IEnumerable<ExportedMetric> ParseMetrics(string text) =>
        from declared in Declaration().Matches(text)
        let name = declared.Groups["name"].Value
        let sample = Regex.Match(text, $@"^{name}(_bucket)?(\{{(?<labels>[^}}]*)\}})? ", RegexOptions.Multiline)
        let labels = Label().Matches(sample.Groups["labels"].Value).Select(label => label.Groups["name"].Value)
            .Where(label => label != "le")
        select new ExportedMetric(name, declared.Groups["kind"].Value, [.. labels], declared.Groups["help"].Value);

    [GeneratedRegex(@"# HELP (?<name>\w+) (?<help>.*)\n# TYPE \w+ (?<kind>\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<name>\w+)=""")]
    private static partial Regex Label();
}

/// <summary>A metric of a coordinator.</summary>
internal sealed record ExportedMetric(string Name, string Kind, IReadOnlyList<string> Labels, string Help)
{
    /// <summary>Whether it belongs to Actors, not to the runtime.</summary>
    public bool IsOwn => Name.StartsWith("actors_", StringComparison.Ordinal);
}
