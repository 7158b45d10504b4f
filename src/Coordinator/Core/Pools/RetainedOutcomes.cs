using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

/// <summary>The outcomes that a durable pool retains. Has no actor and no clock.</summary>
public sealed class RetainedOutcomes
{
    private readonly Dictionary<JobId, RetainedJob> _jobs = [];
    private long _nextExpiry = long.MaxValue;

    /// <summary>The number of outcomes.</summary>
    public int Count => _jobs.Count;

    /// <summary>The approximate size of the outcomes in a snapshot, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>The jobs of the outcomes.</summary>
    public IReadOnlyCollection<RetainedJob> All => _jobs.Values;

    /// <summary>The ids of the jobs.</summary>
    public IEnumerable<JobId> Ids => _jobs.Keys;

    /// <summary>Whether the outcome of a job is retained.</summary>
    public bool Contains(JobId id) => _jobs.ContainsKey(id);

    /// <summary>Finds a job whose outcome is retained; null for none.</summary>
    public RetainedJob? Find(JobId id) => _jobs.GetValueOrDefault(id);

    /// <summary>Retains an outcome, unless the job has one.</summary>
    public void Add(RetainedJob job)
    {
        if (!_jobs.TryAdd(job.Outcome.Id, job))
            return;
        Bytes += job.Size;
        _nextExpiry = Math.Min(_nextExpiry, job.Expiry);
    }

    /// <summary>Removes an outcome.</summary>
    /// <returns>The job; null if its outcome was not retained.</returns>
    public RetainedJob? Remove(JobId id)
    {
        if (_jobs.Remove(id, out var job))
            Bytes -= job.Size;
        return job;
    }

    /// <summary>
    /// Finds the outcomes whose time has passed, which the caller removes. Looks through them only when one is due: there may be millions.
    /// </summary>
    /// <param name="now">The time in milliseconds since 1970, UTC.</param>
    public ImmutableArray<JobId> FindExpired(long now)
    {
        if (now < _nextExpiry)
            return [];
        var expired = ImmutableArray.CreateBuilder<JobId>();
        _nextExpiry = long.MaxValue;
        foreach (var job in _jobs.Values)
        {
            if (job.Expiry <= now)
                expired.Add(job.Outcome.Id);
            else
                _nextExpiry = Math.Min(_nextExpiry, job.Expiry);
        }

        return expired.DrainToImmutable();
    }
}

/// <summary>A job whose outcome is retained.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Since">When it ended, in milliseconds since 1970, UTC.</param>
/// <param name="RetainedFor">The time for which the outcome is retained, in milliseconds; 0 forever.</param>
/// <param name="Function">The name of its function.</param>
/// <param name="Bundle">Its code.</param>
/// <param name="Failed">The job if it has failed, so that it can run again; otherwise null.</param>
public sealed record RetainedJob(
    JobOutcome Outcome, long Since, long RetainedFor, string Function, BundleId Bundle, JobSpec? Failed)
{
    /// <summary>The size in a snapshot, in bytes.</summary>
    public long Size => WireLimits.SizeOf(Outcome) + (Failed is null ? 0 : WireLimits.SizeOf(Failed));

    /// <summary>When the outcome is forgotten, in milliseconds since 1970, UTC.</summary>
    public long Expiry => RetainedFor > 0 ? Since + RetainedFor : long.MaxValue;
}
