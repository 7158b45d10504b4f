using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Journals;

/// <summary>
/// Measures the store of durable pools and queues at intervals. While it is larger than its limit, they accept nothing more.
/// </summary>
public sealed class StoreSizeActor : HandlerActor, IWithTimers
{
    private readonly DurableUsage _usage;
    private readonly Func<long> _measureSize;

    /// <param name="usage">The usage, which receives the size.</param>
    /// <param name="measureSize">Measures the size in bytes. It runs on a thread of the pool, and may throw.</param>
    public StoreSizeActor(DurableUsage usage, Func<long> measureSize)
    {
        (_usage, _measureSize) = (usage, measureSize);
        Receive<MeasurementDue>(_ => StartMeasurement());
        Receive<StoreMeasured>(OnMeasured);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => StartMeasurement();

    private void StartMeasurement() =>
        Task.Run(() => new StoreMeasured(_measureSize())).PipeTo(Self, failure: _ => new StoreMeasured(null));

    private void OnMeasured(StoreMeasured measured)
    {
        // A store that cannot be measured cannot be written either, which its pools report.
        if (measured.Size is { } size)
            UpdateSize(size);
        Timers.StartSingleTimer(nameof(MeasurementDue), MeasurementDue.Instance, _usage.Limits.CheckInterval);
    }

    private void UpdateSize(long size)
    {
        var wasFull = _usage.IsStoreFull;
        _usage.SetStoreSize(size);
        if (_usage.IsStoreFull && !wasFull)
            Context.System.EventStream.Publish(new LogEvent(LogSubject.Store, "", _usage.Limits.FormatStoreRefusal()));
    }

    private sealed record MeasurementDue
    {
        public static readonly MeasurementDue Instance = new();
    }

    private sealed record StoreMeasured(long? Size);
}
