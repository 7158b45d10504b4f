using System.Diagnostics.CodeAnalysis;

namespace Actors.Pools;

/// <summary>
/// The jobs that have not ended, by their numbers. Thread-safe. One table under one lock: the concurrent dictionary has an object for each job more, which the collector
/// visits as long as the job is there, and takes all of its up to 1024 locks to say how many there are, which every single call asks.
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

    /// <summary>All, as of now.</summary>
    public IReadOnlyList<PendingJob> All
    {
        get
        {
            lock (_access)
                return [.. _jobs.Values];
        }
    }

    /// <returns>Whether it was not there.</returns>
    public bool Add(PendingJob job)
    {
        lock (_access)
            return _jobs.TryAdd(job.Id.Value, job);
    }

    public PendingJob? Find(long id)
    {
        lock (_access)
            return _jobs.GetValueOrDefault(id);
    }

    /// <summary>Whoever takes it ends it.</summary>
    public bool Take(long id, [NotNullWhen(true)] out PendingJob? job)
    {
        lock (_access)
            return _jobs.Remove(id, out job);
    }
}
