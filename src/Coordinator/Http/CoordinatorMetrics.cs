using System.Diagnostics.Metrics;
using Actors.AspNetCore;

namespace Actors.Coordinator.Http;

/// <summary>The metrics that a coordinator answers to <c>/metrics</c>.</summary>
internal static class CoordinatorMetrics
{
    /// <summary>The beginning of tags that labels omit: the label of <c>actors.pool</c> is <c>pool</c>.</summary>
    private const string TagPrefix = "actors.";

    /// <summary>Exports meters. A process may have further meters of the same name, which belong to another coordinator.</summary>
    public static PrometheusExport ExportMeters(params Meter[] meters) =>
        new(meter => Array.IndexOf(meters, meter) >= 0, TagPrefix);
}
