using System.Collections.Concurrent;
using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.WorkerNode.Executors;

/// <summary>
/// The time limits of the jobs of an executor. Most jobs have none. Thread-safe, except <see cref="Decide"/>: the receiving thread removes
/// jobs that have ended.
/// </summary>
/// <param name="grace">The time from the cancellation of an overdue job to its kill; null to kill it without a cancellation.</param>
public sealed class JobDeadlines(TimeSpan? grace = null)
{
    /// <summary>The longest delay between the time limit of a job and its cancellation or kill.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<long, TimeSpan> _limits = new();

    /// <summary>The job that was canceled, and the item of its chunk.</summary>
    private (long Job, long Item) _canceled;

    /// <summary>Whether any job has had a limit. Reading whether the dictionary is empty would take all of its locks.</summary>
    private volatile bool _hasLimits;

    /// <summary>The decision about a running job.</summary>
    public enum DeadlineDecision
    {
        /// <summary>It continues.</summary>
        Continue,

        /// <summary>It is over its limit, and is asked to stop.</summary>
        Cancel,

        /// <summary>It is over its limit, and has not stopped within the grace time.</summary>
        Kill,
    }

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

    /// <summary>Decides about the running job. It is canceled once in each run, or for each item of a chunk.</summary>
    /// <param name="job">The job.</param>
    /// <param name="item">The running item of a chunk; otherwise 0.</param>
    /// <param name="elapsed">The run time of the job or the item.</param>
    public DeadlineDecision Decide(long job, long item, TimeSpan elapsed)
    {
        if (!_limits.TryGetValue(job, out var limit) || elapsed <= limit)
        {
            // A job whose outcome was lost may run here again.
            _canceled = default;
            return DeadlineDecision.Continue;
        }

        if (grace is not { } time || elapsed > limit + time)
            return DeadlineDecision.Kill;
        if (_canceled == (job, item))
            return DeadlineDecision.Continue;
        _canceled = (job, item);
        return DeadlineDecision.Cancel;
    }
}
