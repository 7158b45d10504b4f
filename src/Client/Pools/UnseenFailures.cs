using System.Globalization;
using Actors.Logging;

namespace Actors.Pools;

/// <summary>
/// The unobserved failures of a pool, such as <c>_ = pool.ApplyAsync(F)</c>: their number, and the first few for the report at the end of
/// the pool. Thread-safe.
/// </summary>
internal sealed class UnseenFailures
{
    private const int MaxRetained = 10;

    private readonly List<(PendingJob Job, Exception Error)> _first = [];
    private readonly List<Task> _maps = [];
    private long _count;
    private int _moreMaps;

    /// <summary>Counts an unobserved failure.</summary>
    public void CountFailure() => Interlocked.Increment(ref _count);

    /// <summary>Uncounts a failure that was observed.</summary>
    public void UncountFailure() => Interlocked.Decrement(ref _count);

    /// <summary>Records a failed job.</summary>
    public void NoteFailure(PendingJob job, Exception error)
    {
        job.NoteFailure();
        if (!job.IsUnseen)
            return;
        lock (_first)
        {
            if (_first.Count == MaxRetained)
                _first.RemoveAll(failure => !failure.Job.IsUnseen);
            if (_first.Count < MaxRetained)
                _first.Add((job, error));
        }
    }

    /// <summary>Records a failed map. Its task is retained, because it may be observed any time before the pool ends.</summary>
    public void NoteFailure(Task map)
    {
        lock (_first)
        {
            if (_maps.Count == MaxRetained)
                _maps.RemoveAll(retained => !TaskObservation.IsUnseen(retained));
            if (_maps.Count < MaxRetained)
                _maps.Add(map);
            else
                _moreMaps += map.Exception is null ? 0 : 1;
        }
    }

    /// <summary>Removes and reports the failures, each once.</summary>
    /// <returns>A report of the jobs and one of the maps; none without failures.</returns>
    public IReadOnlyList<ClientMessage> TakeReports()
    {
        lock (_first)
            return [.. new[] { ReportJobs(), ReportMaps() }.OfType<ClientMessage>()];
    }

    private ClientMessage? ReportJobs()
    {
        var count = Interlocked.Exchange(ref _count, 0);
        var example = _first.FirstOrDefault(failure => failure.Job.IsUnseen);
        _first.Clear();
        if (count <= 0)
            return null;
        var first = example.Error is null ? "" : $" The first is {example.Job.Call}:";
        return CreateMessage(FormatFailed(count, "job"), "handle", first, example.Error);
    }

    private ClientMessage? ReportMaps()
    {
        // Reading an exception also prevents a later report as unobserved.
        var unseen = _maps.Where(TaskObservation.IsUnseen).Select(map => map.Exception!.InnerExceptions[0]).Where(IsFailure).ToList();
        var count = unseen.Count + _moreMaps;
        _maps.Clear();
        _moreMaps = 0;
        return count == 0 ? null : CreateMessage(
            FormatFailed(count, "map"), "task", unseen.Count == 0 ? "" : " The first error:", unseen.FirstOrDefault());
    }

    /// <summary>Whether the map failed by itself: not with its pool, and not by cancellation.</summary>
    private static bool IsFailure(Exception error) =>
        error is not (PoolTerminatedException or PoolFailedException or CoordinatorLostException or OperationCanceledException);

    private static ClientMessage CreateMessage(string failed, string awaitable, string first, Exception? error) => new(
        ClientEvent.FailureUnobserved,
        $"ProcessPool: {failed} and the failure was never observed. Await the {awaitable}, or set ErrorCallback.{first}",
        error);

    private static string FormatFailed(long count, string kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {kind}{(count == 1 ? "" : "s")} failed");
}
