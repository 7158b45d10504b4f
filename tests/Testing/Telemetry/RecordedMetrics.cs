using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Actors.Testing;

/// <summary>
/// The measurements of the pools of one name. Listeners see all pools of the process, so each test uses a name of its own.
/// </summary>
internal sealed class RecordedMetrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, string Tags)> _values = new();

    public RecordedMetrics(string pool)
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Actors")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags, pool));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument.Name, value, tags, pool));
        _listener.Start();
    }

    public void ReadGauges() => _listener.RecordObservableInstruments();

    public double Sum(string instrument, string tag = "") => Find(instrument, tag).Sum(value => value.Value);

    public double Last(string instrument) => Find(instrument, "").Last().Value;

    public int Count(string instrument, string tag = "") => Find(instrument, tag).Count();

    public IReadOnlySet<string> GetTags(string instrument) => Find(instrument, "").Select(value => value.Tags).ToHashSet();

    public void Dispose() => _listener.Dispose();

    private IEnumerable<(string Instrument, double Value, string Tags)> Find(string instrument, string tag) =>
        _values.Where(value => value.Instrument == instrument && value.Tags.Contains(tag, StringComparison.Ordinal));

    private void Add(string instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, string pool)
    {
        var text = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
        if (text.Contains($"actors.pool={pool}", StringComparison.Ordinal))
            _values.Enqueue((instrument, value, text));
    }
}
