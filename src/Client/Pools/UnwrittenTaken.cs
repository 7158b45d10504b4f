using System.Collections.Immutable;
using Actors.Messages;

namespace Actors.Pools;

/// <summary>
/// Which outcomes a durable pool was told need not be kept, and may not have written down: it is told again when it is found at another coordinator, for what it keeps it
/// keeps for long, and a pool that keeps something is not over. What comes before a submission is written when that is accepted. Not thread-safe.
/// </summary>
internal sealed class UnwrittenTaken
{
    private readonly List<JobId> _jobs = [];
    private int _beforeSubmission;

    public ImmutableArray<JobId> Jobs => [.. _jobs];

    public void Add(ImmutableArray<JobId> jobs) => _jobs.AddRange(jobs);

    /// <summary>All so far was said before a submission.</summary>
    public void Submitted() => _beforeSubmission = _jobs.Count;

    /// <summary>That submission is accepted.</summary>
    public void Accepted()
    {
        _jobs.RemoveRange(0, _beforeSubmission);
        _beforeSubmission = 0;
    }
}
