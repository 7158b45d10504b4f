using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Actors.Architecture.Tests.Reference;

namespace Actors.Architecture.Tests;

/// <summary>The Grafana dashboard: each metric and label that it queries exists.</summary>
public partial class DashboardTests
{
    /// <summary>The endings that Prometheus adds to the name of a histogram.</summary>
    private static readonly string[] HistogramEndings = ["_bucket", "_count", "_sum"];

    /// <summary>Labels that Prometheus adds.</summary>
    private static readonly string[] PrometheusLabels = ["le", "job", "instance"];

    private static readonly string File = Path.Combine(Repository.Root, "deploy", "grafana", "actors.json");

    [Fact]
    public async Task Queries_NameMetrics_ThatExist()
    {
        var exported = (await ExportedMetrics.ReadAsync()).SelectMany(NamesOf).ToHashSet();
        exported.UnionWith(ClientNames());

        Assert.All(Queries().SelectMany(MetricsOf), metric => Assert.Contains(metric, exported));
    }

    [Fact]
    public async Task Queries_NameLabels_ThatExist()
    {
        var metrics = await ExportedMetrics.ReadAsync();
        var labels = metrics.SelectMany(metric => metric.Labels).Concat(PrometheusLabels)
            .Concat(["actors_pool", "actors_function", "actors_status", "actors_reason"]).ToHashSet();

        Assert.All(Queries().SelectMany(LabelsOf), label => Assert.Contains(label, labels));
    }

    [Theory]
    [InlineData("actors_jobs_waiting")]
    [InlineData("actors_jobs_running")]
    [InlineData("actors_jobs_ended_total")]
    [InlineData("actors_job_wait_duration_seconds_bucket")]
    [InlineData("actors_job_duration_seconds_bucket")]
    [InlineData("actors_workers")]
    [InlineData("actors_worker_restarts_total")]
    public void Panels_Show_EachImportantMetric(string metric) =>
        Assert.Contains(Queries().SelectMany(MetricsOf), found => found == metric);

    /// <summary>A client and its coordinator count the same jobs, with labels of different names.</summary>
    [Fact]
    public void Queries_OfSharedMetrics_SelectEitherCoordinatorsOrClients() => Assert.All(
        Queries().Where(query => SharedMetric().IsMatch(query)),
        query => Assert.All(SharedMetric().Matches(query), metric => Assert.Matches(
            @"\b(pool|status|actors_pool)(=~|!=|!~)", Selector().Match(query, metric.Index).Value)));

    [Fact]
    public void Panels_HaveDifferentIds_AndDoNotOverlap()
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllText(File));
        var panels = document.RootElement.GetProperty("panels").EnumerateArray().ToList();
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        var cells = panels.SelectMany(panel => CellsOf(panel.GetProperty("gridPos"))).ToList();
        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.X, 0, 23));
    }

    private static IEnumerable<(int X, int Y)> CellsOf(JsonElement position)
    {
        var (x, y) = (position.GetProperty("x").GetInt32(), position.GetProperty("y").GetInt32());
        return
            from column in Enumerable.Range(x, position.GetProperty("w").GetInt32())
            from row in Enumerable.Range(y, position.GetProperty("h").GetInt32())
            select (column, row);
    }

    private static IEnumerable<string> NamesOf(ExportedMetric metric) =>
        metric.Kind == "histogram" ? HistogramEndings.Select(ending => metric.Name + ending) : [metric.Name];

    /// <summary>The metrics of a client, with the names that OpenTelemetry gives them for Prometheus.</summary>
    private static HashSet<string> ClientNames()
    {
        var names = new HashSet<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == "Actors")
                    names.UnionWith(NamesOf(instrument));
            },
        };
        var instruments = typeof(ProcessPool).Assembly.GetType("Actors.Telemetry.PoolInstruments", throwOnError: true)!;
        RuntimeHelpers.RunClassConstructor(instruments.TypeHandle);
        listener.Start();
        return names;
    }

    private static IEnumerable<string> NamesOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "");
        return instrument switch
        {
            Histogram<double> => HistogramEndings.Select(ending => name + ending),
            Counter<long> => [$"{name}_total"],
            _ => [name],
        };
    }

    /// <summary>The queries of panels and variables.</summary>
    private static List<string> Queries()
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllText(File));
        var panels = document.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!);
        var variables = document.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
            .Where(variable => variable.GetProperty("type").GetString() == "query")
            .Select(variable => variable.GetProperty("query").GetString()!);
        return [.. panels, .. variables];
    }

    private static IEnumerable<string> MetricsOf(string query) =>
        MetricName().Matches(Selector().Replace(query, "")).Select(name => name.Value);

    private static IEnumerable<string> LabelsOf(string query) =>
        Selector().Matches(query).SelectMany(selector => LabelName().Matches(selector.Value)).Select(label => label.Groups["name"].Value)
            .Concat(Grouping().Matches(query).SelectMany(grouping => grouping.Groups["labels"].Value.Split(", ")))
            .Concat(Regex.Matches(query, @"label_values\(\w+, (\w+)\)").Select(values => values.Groups[1].Value));

    [GeneratedRegex(@"\b(actors|process|dotnet)_\w+")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"\bactors_(jobs_waiting|jobs_running|jobs_ended_total|workers|worker_restarts_total)\b(?!, )")]
    private static partial Regex SharedMetric();

    [GeneratedRegex(@"\{[^}]*\}|by \([^)]*\)")]
    private static partial Regex Selector();

    [GeneratedRegex(@"(?<name>\w+)(=~|!~|!=|=)")]
    private static partial Regex LabelName();

    [GeneratedRegex(@"by \((?<labels>[^)]*)\)")]
    private static partial Regex Grouping();
}
