using System.Collections.Immutable;
using Actors.Messages;

namespace Actors.Pools;

/// <summary>
/// The acknowledged outcomes that a durable pool may not have written. They are acknowledged again at another coordinator: the pool retains
/// unacknowledged outcomes for a long time and does not end meanwhile. Acknowledgments that precede a submission are written when that
/// submission is accepted. Not thread-safe.
/// </summary>
internal sealed class UnwrittenAcks
{
    private readonly List<JobId> _jobs = [];
    private readonly Queue<long> _sentBefore = new();
    private long _written;

    public ImmutableArray<JobId> Jobs => [.. _jobs];

    public bool IsEmpty => _jobs.Count == 0;

    public void AddJobs(ImmutableArray<JobId> jobs) => _jobs.AddRange(jobs);

    /// <summary>Records that all acknowledgments so far precede this submission.</summary>
    public void OnSubmitted() => _sentBefore.Enqueue(_written + _jobs.Count);

    /// <summary>Records that the first pending submission was accepted.</summary>
    public void OnAccepted()
    {
        if (!_sentBefore.TryDequeue(out var said))
            return;
        _jobs.RemoveRange(0, (int)(said - _written));
        _written = said;
    }

    /// <summary>Forgets the pending submissions, whose acceptance is unknown after a loss.</summary>
    public void OnLost() => _sentBefore.Clear();
}
