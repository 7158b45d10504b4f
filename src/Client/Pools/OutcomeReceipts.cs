using System.Collections.Immutable;
using Actors.Messages;

namespace Actors.Pools;

/// <summary>
/// The outcomes that have arrived and that the durable pool retains until their acknowledgment. An outcome that the awaiting code has
/// received is acknowledged with the second request for acknowledgments after that: its code may only be about to run. Not thread-safe.
/// </summary>
internal sealed class OutcomeReceipts
{
    private readonly HashSet<JobId> _unreceived = [];
    private ImmutableArray<JobId>.Builder _recent = ImmutableArray.CreateBuilder<JobId>();
    private ImmutableArray<JobId> _due = [];

    /// <summary>Whether received outcomes wait for their acknowledgment.</summary>
    public bool HasReceived => _recent.Count + _due.Length > 0;

    /// <summary>Whether each outcome was acknowledged.</summary>
    public bool IsEmpty => _unreceived.Count == 0 && !HasReceived;

    /// <summary>Records an outcome that no code has received.</summary>
    public void AddUnreceived(JobId job) => _unreceived.Add(job);

    /// <summary>Records an outcome that is received on arrival.</summary>
    public void AddReceived(JobId job) => _recent.Add(job);

    /// <summary>Records that code has received an outcome. Does nothing when that is known.</summary>
    public void MarkReceived(JobId job)
    {
        if (_unreceived.Remove(job))
            _recent.Add(job);
    }

    /// <summary>Takes the outcomes to acknowledge now: those that were received before the last call.</summary>
    public ImmutableArray<JobId> TakeDue()
    {
        var due = _due;
        _due = _recent.Count == 0 ? [] : _recent.DrainToImmutable();
        return due;
    }

    /// <summary>Takes all received outcomes.</summary>
    public ImmutableArray<JobId> TakeReceived() => TakeDue().AddRange(TakeDue());
}
