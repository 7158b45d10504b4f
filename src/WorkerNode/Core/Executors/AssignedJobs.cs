using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// The jobs that a worker was given and has neither completed nor returned. A worker may not report others. Thread-safe: the actor of the
/// executor adds jobs, and the receiving thread removes them.
/// </summary>
public sealed class AssignedJobs
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

    /// <summary>Removes jobs that have ended, or none of them.</summary>
    /// <returns>The first job that the worker does not have, or reports twice; null when all were removed.</returns>
    public JobId? RemoveJobs(ReadOnlySpan<JobOutcome> outcomes)
    {
        lock (_access)
        {
            foreach (var outcome in outcomes)
            {
                if (!_jobs.Contains(outcome.Id.Value))
                    return outcome.Id;
            }

            foreach (var outcome in outcomes)
            {
                if (!_jobs.Remove(outcome.Id.Value))
                    return outcome.Id;
            }

            return null;
        }
    }

    /// <summary>Removes a job that has ended, was returned, or is not sent.</summary>
    /// <returns>Whether the worker had it.</returns>
    public bool RemoveJob(long job)
    {
        lock (_access)
            return _jobs.Remove(job);
    }
}
