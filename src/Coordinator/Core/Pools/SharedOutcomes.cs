using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The jobs of a durable pool that a session waits for which has not submitted them. The outcome of such a job is retained until each
/// waiting session has acknowledged it or has left. Has no actor and no clock.
/// </summary>
public sealed class SharedOutcomes
{
    private readonly Dictionary<JobId, Audience> _jobs = [];

    /// <summary>Whether each job has at most one waiting session.</summary>
    public bool IsEmpty => _jobs.Count == 0;

    /// <summary>Whether a session waits for a job.</summary>
    public bool IsWaiting(JobId job, long session) => _jobs.TryGetValue(job, out var audience) && audience.Waiting.Contains(session);

    /// <summary>Adds a session that waits for a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="session">The session.</param>
    /// <param name="submitter">The session that has submitted the job. Null if it is not connected.</param>
    public void AttachSession(JobId job, long session, long? submitter)
    {
        if (!_jobs.TryGetValue(job, out var audience))
        {
            if (session == submitter)
                return;
            _jobs[job] = audience = new Audience();
            if (submitter is { } other)
                audience.Waiting.Add(other);
        }

        audience.Waiting.Add(session);
    }

    /// <summary>
    /// A session acknowledges outcomes. It may have received them before a failover, and not have attached since: then the submitter still
    /// waits.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="jobs">The jobs.</param>
    /// <param name="findSubmitter">Finds the connected session that has submitted a job whose outcome is retained; null for none.</param>
    /// <returns>The outcomes that are not needed any more.</returns>
    public ImmutableArray<JobId> AcknowledgeOutcomes(long session, ImmutableArray<JobId> jobs, Func<JobId, long?> findSubmitter) =>
        jobs.RemoveAll(job => !IsLastAcknowledgment(job, session, findSubmitter));

    /// <summary>A session leaves.</summary>
    /// <returns>The outcomes that are not needed any more, because another session has acknowledged them.</returns>
    public ImmutableArray<JobId> RemoveSession(long session) => RemoveSession(session, [.. _jobs.Keys]);

    /// <summary>A session does not wait for jobs any more, and says nothing about their outcomes.</summary>
    /// <inheritdoc cref="RemoveSession(long)"/>
    public ImmutableArray<JobId> RemoveSession(long session, ImmutableArray<JobId> jobs)
    {
        if (IsEmpty)
            return [];
        var unneeded = ImmutableArray.CreateBuilder<JobId>();
        foreach (var job in jobs)
        {
            if (!_jobs.TryGetValue(job, out var audience) || !audience.Waiting.Remove(session) || audience.Waiting.Count > 0)
                continue;
            _jobs.Remove(job);
            if (audience.IsAcknowledged)
                unneeded.Add(job);
        }

        return unneeded.DrainToImmutable();
    }

    /// <summary>Jobs run again: an acknowledgment of the former outcome says nothing about the next one.</summary>
    public void RestartJobs(ImmutableArray<JobId> jobs)
    {
        foreach (var job in jobs)
        {
            if (_jobs.TryGetValue(job, out var audience))
                audience.IsAcknowledged = false;
        }
    }

    /// <summary>Removes jobs whose outcomes are forgotten.</summary>
    public void RemoveJobs(ImmutableArray<JobId> jobs)
    {
        foreach (var job in IsEmpty ? [] : jobs)
            _jobs.Remove(job);
    }

    private bool IsLastAcknowledgment(JobId job, long session, Func<JobId, long?> findSubmitter)
    {
        if (!_jobs.TryGetValue(job, out var audience))
        {
            if (SessionRange.GetRange(job) == session || findSubmitter(job) is not { } submitter)
                return true;
            _jobs[job] = audience = new Audience();
            audience.Waiting.Add(submitter);
        }

        audience.Waiting.Remove(session);
        audience.IsAcknowledged = true;
        if (audience.Waiting.Count > 0)
            return false;
        _jobs.Remove(job);
        return true;
    }

    private sealed class Audience
    {
        public HashSet<long> Waiting { get; } = [];

        public bool IsAcknowledged { get; set; }
    }
}
