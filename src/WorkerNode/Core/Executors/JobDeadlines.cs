using System.Collections.Concurrent;
using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// The time limits of the jobs of an executor. Most jobs have none. Thread-safe: the receiving thread removes jobs that have ended.
/// </summary>
public sealed class JobDeadlines
{
    /// <summary>The longest delay between the time limit of a job and its kill.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<long, TimeSpan> _limits = new();

    /// <summary>Whether any job has had a limit. Reading whether the dictionary is empty would take all of its locks.</summary>
    private volatile bool _hasLimits;

    public bool IsEmpty => _limits.IsEmpty;

    /// <returns>Whether any of the jobs has a limit.</returns>
    public bool AddJobs(ImmutableArray<JobSpec> jobs)
    {
        var any = false;
        foreach (var job in jobs)
        {
            if (job.Policy.TimeoutMilliseconds <= 0)
                continue;
            _hasLimits = true;
            _limits[job.Id.Value] = ProtocolTimes.FromMilliseconds(job.Policy.TimeoutMilliseconds);
            any = true;
        }

        return any;
    }

    public void RemoveJob(long job)
    {
        if (_hasLimits)
            _limits.TryRemove(job, out _);
    }

    public bool IsOverdue(long job, TimeSpan elapsed) => _limits.TryGetValue(job, out var limit) && elapsed > limit;
}
