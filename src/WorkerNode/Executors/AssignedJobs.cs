using System.Collections.Immutable;
using Actors.Messages.Jobs;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// The jobs that a worker has been given and has neither ended nor returned. A worker may report no others. Thread-safe: the executor's actor
/// adds, the receiving thread removes.
/// </summary>
internal sealed class AssignedJobs
{
    private readonly Lock _access = new();
    private readonly HashSet<long> _jobs = [];

    /// <summary>Adds jobs, before the worker is told of them.</summary>
    public void AddJobs(ImmutableArray<JobSpec> jobs)
    {
        lock (_access)
        {
            foreach (var job in jobs)
                _jobs.Add(job.Id.Value);
        }
    }

    /// <summary>Whether the worker has the job.</summary>
    public bool ContainsJob(long job)
    {
        lock (_access)
            return _jobs.Contains(job);
    }

    /// <summary>Removes a job that has ended, was returned, or is not sent.</summary>
    /// <returns>Whether the worker had it.</returns>
    public bool RemoveJob(long job)
    {
        lock (_access)
            return _jobs.Remove(job);
    }
}
