using System.Diagnostics.Metrics;
using Prometheus;

namespace Actors.AspNetCore;

/// <summary>
/// Listens to meters and writes their instruments in the text format of Prometheus, together with the metrics of the .NET runtime.
/// Thread-safe.
/// </summary>
/// <remarks>
/// Compiled into coordinators too, which are not clients and do not depend on this assembly. The adapter of the Prometheus library keeps a
/// gauge for minutes after its last measurement, and repeats the name of the meter in the names of its metrics.
/// </remarks>
internal sealed class PrometheusExport : IDisposable
{
    /// <summary>The content type of the text.</summary>
    public const string ContentType = PrometheusConstants.TextContentTypeWithVersionAndEncoding;

    private readonly Lock _lock = new();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly List<PrometheusSeries> _series = [];
    private readonly MeterListener _listener = new();

    /// <param name="includes">Selects the meters.</param>
    /// <param name="tagPrefix">The beginning of tags that their labels omit, such as <c>actors.</c>; empty for none.</param>
    public PrometheusExport(Func<Meter, bool> includes, string tagPrefix = "")
    {
        DotNetStats.Register(_registry);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (includes(instrument.Meter))
                listener.EnableMeasurementEvents(instrument, AddSeries(instrument, tagPrefix));
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, series) => ((PrometheusSeries)series!).RecordValue(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, series) => ((PrometheusSeries)series!).RecordValue(value, tags));
        _listener.Start();
        _registry.AddBeforeCollectCallback(ReadInstruments);
    }

    /// <summary>Writes the present values.</summary>
    public Task WriteMetricsAsync(Stream to, CancellationToken cancellationToken) =>
        _registry.CollectAndExportAsTextAsync(to, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private PrometheusSeries AddSeries(Instrument instrument, string tagPrefix)
    {
        var series = PrometheusSeries.ForInstrument(instrument, Metrics.WithCustomRegistry(_registry), tagPrefix);
        lock (_lock)
            _series.Add(series);
        return series;
    }

    private void ReadInstruments()
    {
        // Two requests at once would each remove the values that the other has just read.
        lock (_lock)
        {
            _listener.RecordObservableInstruments();
            _series.ForEach(series => series.RemoveUnread());
        }
    }
}
