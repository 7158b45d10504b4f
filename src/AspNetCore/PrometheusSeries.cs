using System.Diagnostics.Metrics;
using System.Globalization;
using Prometheus;

namespace Actors.AspNetCore;

/// <summary>
/// The Prometheus metric of one instrument. It exists from the first measurement, which names the labels: all measurements of an instrument
/// have the same tags in the same order.
/// </summary>
/// <param name="instrument">The instrument.</param>
/// <param name="tagPrefix">The beginning of tags that their labels omit.</param>
internal abstract class PrometheusSeries(Instrument instrument, string tagPrefix)
{
    /// <summary>The help text.</summary>
    protected string Help => instrument.Description ?? "";

    /// <summary>Creates the metric that fits the kind of the instrument.</summary>
    /// <exception cref="NotSupportedException">There is no metric for this kind.</exception>
    public static PrometheusSeries ForInstrument(Instrument instrument, MetricFactory factory, string tagPrefix) => instrument switch
    {
        Counter<long> => new AddedCounter(instrument, factory, tagPrefix),
        ObservableCounter<long> => new ObservedCounter(instrument, factory, tagPrefix),
        ObservableUpDownCounter<long> => new ObservedGauge(instrument, factory, tagPrefix),
        Histogram<double> histogram => new Distribution<double>(histogram, factory, tagPrefix),
        Histogram<long> histogram => new Distribution<long>(histogram, factory, tagPrefix),
        _ => throw new NotSupportedException($"There is no Prometheus metric for {instrument.Name}, a {instrument.GetType().Name}."),
    };

    /// <summary>Records a measurement.</summary>
    public abstract void RecordValue(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    /// <summary>Removes the values that the last reading of the instrument did not measure.</summary>
    public virtual void RemoveUnread()
    {
    }

    /// <summary>
    /// Gets the name of the metric: <c>actors.job.wait.duration</c> in seconds is <c>actors_job_wait_duration_seconds</c>.
    /// </summary>
    protected string GetName(string suffix = "") =>
        $"{instrument.Name.Replace('.', '_')}{GetUnitSuffix(instrument.Unit)}{suffix}";

    /// <summary>Gets the end of a name that tells the unit. Units in braces, such as <c>{job}</c>, are comments.</summary>
    private static string GetUnitSuffix(string? unit) => unit switch
    {
        "s" => "_seconds",
        "By" => "_bytes",
        _ => "",
    };

    private string[] GetLabels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++)
            labels[i] = GetLabel(tags[i].Key);
        return labels;
    }

    private string GetLabel(string tag) =>
        (tag.StartsWith(tagPrefix, StringComparison.Ordinal) ? tag[tagPrefix.Length..] : tag).Replace('.', '_');

    private static string[] GetValues(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var values = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++)
            values[i] = tags[i].Value?.ToString() ?? "";
        return values;
    }

    private sealed class AddedCounter(Instrument instrument, MetricFactory factory, string tagPrefix)
        : PrometheusSeries(instrument, tagPrefix)
    {
        private Counter? _counter;

        public override void RecordValue(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            (_counter ??= factory.CreateCounter(GetName("_total"), Help, GetLabels(tags))).WithLabels(GetValues(tags)).Inc(value);
    }

    private sealed class ObservedCounter(Instrument instrument, MetricFactory factory, string tagPrefix)
        : PrometheusSeries(instrument, tagPrefix)
    {
        private Counter? _counter;

        public override void RecordValue(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            (_counter ??= factory.CreateCounter(GetName("_total"), Help, GetLabels(tags))).WithLabels(GetValues(tags)).IncTo(value);
    }

    private sealed class ObservedGauge(Instrument instrument, MetricFactory factory, string tagPrefix)
        : PrometheusSeries(instrument, tagPrefix)
    {
        private readonly HashSet<string> _read = [];
        private Gauge? _gauge;

        public override void RecordValue(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var values = GetValues(tags);
            _read.Add(ToKey(values));
            (_gauge ??= factory.CreateGauge(GetName(), Help, GetLabels(tags))).WithLabels(values).Set(value);
        }

        public override void RemoveUnread()
        {
            foreach (var values in _gauge?.GetAllLabelValues().Where(values => !_read.Contains(ToKey(values))).ToList() ?? [])
                _gauge!.RemoveLabelled(values);
            _read.Clear();
        }

        private static string ToKey(string[] values) => string.Join('\n', values);
    }

    private sealed class Distribution<T>(Histogram<T> instrument, MetricFactory factory, string tagPrefix)
        : PrometheusSeries(instrument, tagPrefix)
        where T : struct
    {
        private readonly Lock _creation = new();
        private Histogram? _histogram;

        public override void RecordValue(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            (_histogram ?? CreateHistogram(GetLabels(tags))).WithLabels(GetValues(tags)).Observe(value);

        private Histogram CreateHistogram(string[] labels)
        {
            // Pools record on their own threads.
            lock (_creation)
            {
                return _histogram ??= factory.CreateHistogram(GetName(), Help, labels, new HistogramConfiguration
                {
                    Buckets =
                    [
                        .. instrument.Advice!.HistogramBucketBoundaries!
                            .Select(static boundary => Convert.ToDouble(boundary, CultureInfo.InvariantCulture)),
                    ],
                });
            }
        }
    }
}
