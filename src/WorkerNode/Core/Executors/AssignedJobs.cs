using System.Collections.Immutable;
using Actors.Messages.Jobs;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// The jobs that a worker was given and has neither completed nor returned. A worker may not report others. Thread-safe: the actor of the
/// executor adds jobs, and the receiving thread removes them.
/// </summary>
internal sealed class AssignedJobs
{
    private readonly Lock _access = new();
    private readonly HashSet<long> _jobs = [];

    /// <summary>Adds jobs. Call it before the worker receives them.</summary>
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
