using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The written sessions of a durable pool: the range of job ids, the code and the pending jobs of each. A session that has ended is removed
/// after its last job. Has no actor and no clock.
/// </summary>
public sealed class PoolSessions
{
    private readonly Dictionary<long, LedgerSession> _byRange = [];
    private readonly Dictionary<SessionId, LedgerSession> _byId = [];
    private LedgerSession? _last;

    /// <summary>The range of the next session.</summary>
    public long NextRange { get; private set; }

    /// <summary>The sessions, in the order of their ranges.</summary>
    public IEnumerable<LedgerSession> All => _byRange.Values.OrderBy(static session => session.Range);

    /// <summary>Finds a session that has not ended.</summary>
    public LedgerSession? FindSession(SessionId id) => _byId.TryGetValue(id, out var session) && !session.HasEnded ? session : null;

    /// <summary>Finds the session of a range.</summary>
    public LedgerSession? FindSession(long range)
    {
        if (_last is { } last && last.Range == range)
            return last;
        return _byRange.TryGetValue(range, out var session) ? _last = session : null;
    }

    /// <summary>The number of jobs without an outcome that were submitted by a build.</summary>
    public int CountPending(BundleId bundle) => _byRange.Values.Where(session => session.Bundle == bundle).Sum(session => session.Pending);

    /// <summary>The number of jobs without an outcome that only this build may run.</summary>
    public int CountPinned(BundleId bundle) => _byRange.Values.Where(session => session.Bundle == bundle).Sum(session => session.Pinned);

    /// <summary>Whether a session belongs to a build.</summary>
    public bool HasSession(BundleId bundle) => _byRange.Values.Any(session => session.Bundle == bundle);

    /// <summary>Adds a session.</summary>
    public void AddSession(StoredSession stored)
    {
        var session = new LedgerSession(stored.Id, stored.Range, stored.Bundle)
        {
            HasEnded = stored.HasEnded,
            Retention = stored.Retention,
        };
        session.LastJob = stored.LastJob.Value > session.LastJob.Value ? stored.LastJob : session.LastJob;
        _byRange[stored.Range] = session;
        if (stored.Id != default)
            _byId[stored.Id] = session;
        ReserveRange(stored.Range);
    }

    /// <summary>Reserves a range and all ranges before it.</summary>
    public void ReserveRange(long range) => NextRange = Math.Max(NextRange, range + 1);

    /// <summary>Ends a session. It submits no more jobs.</summary>
    public void EndSession(long range)
    {
        if (FindSession(range) is not { } session)
            return;
        session.HasEnded = true;
        RemoveIfEnded(session);
    }

    /// <summary>Adds an accepted job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="bundle">The code of a job without a session: an earlier version has accepted it, or it runs again.</param>
    /// <param name="retention">How long the outcome of such a job is retained; null for the settings of the build.</param>
    public void AddJob(JobSpec job, BundleId bundle, OutcomeRetention? retention)
    {
        var range = SessionRange.GetRange(job.Id);
        if (FindSession(range) is not { } session)
        {
            AddSession(new StoredSession(default, range, bundle, default, HasEnded: true, retention));
            session = FindSession(range)!;
        }

        session.Pending++;
        session.Pinned += job.Policy.RunsNewest ? 0 : 1;
        session.PendingBytes += PoolState.MeasureJob(job);
        if (job.Id.Value > session.LastJob.Value)
            session.LastJob = job.Id;
    }

    /// <summary>Removes a job that has ended.</summary>
    public void RemoveJob(JobSpec job)
    {
        if (FindSession(SessionRange.GetRange(job.Id)) is not { } session)
            return;
        session.Pending--;
        session.Pinned -= job.Policy.RunsNewest ? 0 : 1;
        session.PendingBytes -= PoolState.MeasureJob(job);
        RemoveIfEnded(session);
    }

    private void RemoveIfEnded(LedgerSession session)
    {
        if (!session.HasEnded || session.Pending > 0)
            return;
        _byRange.Remove(session.Range);
        _byId.Remove(session.Id);
        _last = null;
    }
}

/// <summary>A written session of a durable pool.</summary>
public sealed class LedgerSession(SessionId id, long range, BundleId bundle)
{
    public SessionId Id => id;

    /// <summary>The range of its job ids.</summary>
    public long Range => range;

    /// <summary>The code of its jobs.</summary>
    public BundleId Bundle => bundle;

    /// <summary>The last accepted job, or the start of the range.</summary>
    public JobId LastJob { get; set; } = SessionRange.GetStart(range);

    /// <summary>How long the outcomes of its jobs are retained; null for the settings of the build.</summary>
    public OutcomeRetention? Retention { get; init; }

    /// <summary>The number of jobs without an outcome.</summary>
    public int Pending { get; set; }

    /// <summary>The number of those that only the build of the session may run.</summary>
    public int Pinned { get; set; }

    /// <summary>The memory of the pending jobs in bytes.</summary>
    public long PendingBytes { get; set; }

    /// <summary>Whether it submits no more jobs.</summary>
    public bool HasEnded { get; set; }

    public StoredSession ToStored() => new(Id, Range, Bundle, LastJob, HasEnded, Retention);
}
