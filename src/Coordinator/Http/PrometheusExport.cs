using System.Diagnostics.Metrics;
using Prometheus;

namespace Actors.Coordinator.Http;

/// <summary>
/// Listens to meters and writes their instruments in the text format of Prometheus, together with the metrics of the .NET runtime.
/// Thread-safe.
/// </summary>
/// <remarks>
/// The adapter of the Prometheus library keeps a gauge for minutes after its last measurement, and repeats the name of the meter in the
/// names of its metrics.
/// </remarks>
internal sealed class PrometheusExport : IDisposable
{
    /// <summary>The content type of the text.</summary>
    public const string ContentType = PrometheusConstants.TextContentTypeWithVersionAndEncoding;

    private readonly Lock _lock = new();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly List<PrometheusSeries> _series = [];
    private readonly MeterListener _listener = new();

    /// <param name="meters">The meters.</param>
    public PrometheusExport(params Meter[] meters)
    {
        DotNetStats.Register(_registry);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.Contains(instrument.Meter))
                listener.EnableMeasurementEvents(instrument, AddSeries(instrument));
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

    private PrometheusSeries AddSeries(Instrument instrument)
    {
        var series = PrometheusSeries.ForInstrument(instrument, Metrics.WithCustomRegistry(_registry));
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
