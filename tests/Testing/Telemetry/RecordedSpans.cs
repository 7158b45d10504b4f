using System.Collections.Concurrent;
using System.Diagnostics;

namespace Actors.Testing;

/// <summary>The ended spans of a pool in this process. Listeners see all pools, so each test uses a pool name of its own.</summary>
internal sealed class RecordedSpans : IDisposable
{
    private readonly ActivityListener _listener;

    public RecordedSpans(string pool)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Actors",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.GetTagItem("actors.pool") as string == pool)
                    Ended.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ConcurrentQueue<Activity> Ended { get; } = new();

    public void Dispose() => _listener.Dispose();
}
