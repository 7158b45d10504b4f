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
    private readonly Queue<long> _saidBefore = new();
    private long _written;

    public ImmutableArray<JobId> Jobs => [.. _jobs];

    public void Add(ImmutableArray<JobId> jobs) => _jobs.AddRange(jobs);

    /// <summary>All so far was said before a submission, and behind those that are under way.</summary>
    public void Submitted() => _saidBefore.Enqueue(_written + _jobs.Count);

    /// <summary>The first of the submissions under way is accepted.</summary>
    public void Accepted()
    {
        if (!_saidBefore.TryDequeue(out var said))
            return;
        _jobs.RemoveRange(0, (int)(said - _written));
        _written = said;
    }

    /// <summary>No submission is under way any more, and none of them is known to be accepted.</summary>
    public void Lost() => _saidBefore.Clear();
}
