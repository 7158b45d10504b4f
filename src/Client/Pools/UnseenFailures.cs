using System.Globalization;

namespace Actors.Pools;

/// <summary>
/// The jobs and maps of a pool that have failed while nobody looked, such as <c>_ = pool.ApplyAsync(F)</c>. Their number and the first few
/// are kept, to be reported at the end of the pool. Thread-safe.
/// </summary>
internal sealed class UnseenFailures
{
    private const int MostKept = 10;

    private readonly List<(PendingJob Job, Exception Error)> _first = [];
    private readonly List<Task> _maps = [];
    private long _count;
    private int _moreMaps;

    /// <summary>One more.</summary>
    public void Add() => Interlocked.Increment(ref _count);

    /// <summary>Somebody has looked at one.</summary>
    public void Remove() => Interlocked.Decrement(ref _count);

    /// <summary>A job has failed.</summary>
    public void Note(PendingJob job, Exception error)
    {
        job.NoteFailure(this);
        if (!job.IsUnseen)
            return;
        lock (_first)
        {
            if (_first.Count == MostKept)
                _first.RemoveAll(failure => !failure.Job.IsUnseen);
            if (_first.Count < MostKept)
                _first.Add((job, error));
        }
    }

    /// <summary>A map has failed. Its task is kept: nobody has to look at it before the pool ends.</summary>
    public void Note(Task map)
    {
        lock (_first)
        {
            if (_maps.Count == MostKept)
                _maps.RemoveAll(kept => !TaskObservation.IsUnseen(kept));
            if (_maps.Count < MostKept)
                _maps.Add(map);
            else
                _moreMaps += map.Exception is null ? 0 : 1;
        }
    }

    /// <summary>Takes them, so that each is reported once.</summary>
    /// <returns>A text for people; null when there are none.</returns>
    public string? TakeReport()
    {
        lock (_first)
        {
            string?[] reports = [ReportJobs(), ReportMaps()];
            return reports.All(report => report is null) ? null : string.Join(Environment.NewLine, reports.Where(report => report is not null));
        }
    }

    private string? ReportJobs()
    {
        var count = Interlocked.Exchange(ref _count, 0);
        var example = _first.FirstOrDefault(failure => failure.Job.IsUnseen);
        _first.Clear();
        if (count <= 0)
            return null;
        var first = example.Error is null ? "" : $" The first is job {example.Job.Id.Value}: {example.Error}";
        return $"ProcessPool: {Failed(count, "job")}, and nobody has looked at the result so far. Await the handle, or set ErrorCallback.{first}";
    }

    private string? ReportMaps()
    {
        // Reading the exceptions also keeps them from being reported as unobserved later.
        var unseen = _maps.Where(TaskObservation.IsUnseen).Select(map => map.Exception!.InnerExceptions[0]).Where(IsFailure).ToList();
        var count = unseen.Count + _moreMaps;
        _maps.Clear();
        _moreMaps = 0;
        return count == 0 ? null
            : $"ProcessPool: {Failed(count, "map")}, and nobody has looked at the result so far. Await the task, or set ErrorCallback."
                + (unseen.Count == 0 ? "" : $" The first error: {unseen[0]}");
    }

    /// <summary>A map that ended with its pool, or was cancelled, has not failed.</summary>
    private static bool IsFailure(Exception error) =>
        error is not (PoolTerminatedException or PoolFailedException or CoordinatorLostException or OperationCanceledException);

    private static string Failed(long count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")} failed");
}
