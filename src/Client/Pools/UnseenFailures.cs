using System.Globalization;

namespace Actors.Pools;

/// <summary>
/// The jobs of a pool that have failed while nobody looked at their handles, such as <c>_ = pool.ApplyAsync(F)</c>. Their number and the
/// first few are kept, to be
/// reported at the end of the pool. Thread-safe.
/// </summary>
internal sealed class UnseenFailures
{
    private const int MostKept = 10;

    private readonly List<(PendingJob Job, Exception Error)> _first = [];
    private long _count;

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

    /// <summary>Takes them, so that each is reported once.</summary>
    /// <returns>A text for people; null when there are none.</returns>
    public string? TakeReport()
    {
        lock (_first)
        {
            var count = Interlocked.Exchange(ref _count, 0);
            var example = _first.FirstOrDefault(failure => failure.Job.IsUnseen);
            _first.Clear();
            if (count <= 0)
                return null;
            var jobs = count == 1 ? "1 job failed" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} jobs failed");
            var first = example.Error is null ? "" : $" The first is job {example.Job.Id.Value}: {example.Error}";
            return $"ProcessPool: {jobs}, and nobody has looked at the result so far. Await the handle, or set ErrorCallback.{first}";
        }
    }
}
