using System.Collections.Immutable;
using Actors.Messages;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The failed jobs that run again. A session that has received the former outcome may acknowledge it late, which must not remove the next
/// one. So an acknowledgment counts only if its session has attached to the job since. Not written. Has no actor and no clock.
/// </summary>
public sealed class RetriedJobs
{
    private readonly Dictionary<JobId, HashSet<long>> _attached = [];

    /// <summary>Adds jobs that run again.</summary>
    public void AddJobs(ImmutableArray<JobId> jobs)
    {
        foreach (var job in jobs)
            _attached[job] = [];
    }

    /// <summary>Records that a session waits for a job.</summary>
    public void AttachSession(JobId job, long session)
    {
        if (_attached.Count > 0 && _attached.TryGetValue(job, out var sessions))
            sessions.Add(session);
    }

    /// <summary>Finds the jobs of which a session acknowledges the former outcome.</summary>
    /// <param name="session">The session.</param>
    /// <param name="jobs">The jobs that it acknowledges.</param>
    public ImmutableArray<JobId> FindLate(long session, ImmutableArray<JobId> jobs) => _attached.Count == 0
        ? []
        : [.. jobs.Where(job => _attached.TryGetValue(job, out var sessions) && !sessions.Contains(session))];

    /// <summary>Removes jobs whose outcomes are forgotten.</summary>
    public void RemoveJobs(ImmutableArray<JobId> jobs)
    {
        foreach (var job in _attached.Count == 0 ? [] : jobs)
            _attached.Remove(job);
    }
}
