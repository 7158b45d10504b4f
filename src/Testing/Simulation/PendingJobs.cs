using System.Diagnostics.CodeAnalysis;
using Actors.Pools;

namespace Actors.Testing;

/// <summary>
/// The jobs that have not ended, by number. Thread-safe. A dictionary under one lock: a concurrent dictionary would add an object for each
/// job, which the garbage collector visits as long as the job exists, and its count, which every call reads, would take up to 1024 locks.
/// </summary>
internal sealed class PendingJobs
{
    private readonly Dictionary<long, PendingJob> _jobs = [];
    private readonly Lock _access = new();

    public int Count
    {
        get
        {
            lock (_access)
                return _jobs.Count;
        }
    }

    /// <summary>A snapshot of all jobs, with the first handle of each.</summary>
    public IReadOnlyList<PendingJob> All
    {
        get
        {
            lock (_access)
                return [.. _jobs.Values];
        }
    }

    /// <returns>True when the job was added; false when its number is in use.</returns>
    public bool TryAdd(PendingJob job)
    {
        lock (_access)
            return _jobs.TryAdd(job.Id.Value, job);
    }

    public PendingJob? FindJob(long id)
    {
        lock (_access)
            return _jobs.GetValueOrDefault(id);
    }

    /// <summary>Removes a job. The caller that removed it must end it.</summary>
    public bool TryRemove(long id, [NotNullWhen(true)] out PendingJob? job)
    {
        lock (_access)
            return _jobs.Remove(id, out job);
    }
}
