using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>
/// The ids of the jobs of a session, which are consecutive. In a durable pool they lie in a range that the pool assigns to the session. Not
/// thread-safe.
/// </summary>
/// <param name="isDurable">Whether the pool is durable.</param>
internal sealed class SessionIds(bool isDurable)
{
    private long _last;
    private long _lastAccepted;

    /// <summary>The range of the ids in a durable pool; negative before it is known.</summary>
    public long Range { get; private set; } = -1;

    /// <summary>The id of the last submitted job; in a durable pool of the last accepted one. 0 for none.</summary>
    public long LastReported => !isDurable ? _last : _lastAccepted == SessionRange.GetStart(Range).Value ? 0 : _lastAccepted;

    /// <summary>The id of the next submitted job.</summary>
    public JobId Next => new(_last + 1);

    /// <summary>Whether the range has no further id.</summary>
    public bool IsExhausted => !IsOwn(Next);

    /// <summary>Assigns the next id.</summary>
    public JobId AssignNext() => new(++_last);

    /// <summary>Whether an id belongs to this session. The other ids of a durable pool belong to other sessions.</summary>
    public bool IsOwn(JobId job) => !isDurable || SessionRange.GetRange(job) == Range;

    /// <summary>Whether this session will assign an id later.</summary>
    public bool IsUnassigned(JobId job) => job.Value > _last && IsOwn(job);

    /// <summary>Records the range of the session, and its last job that the pool has accepted.</summary>
    public void OnOpened(PoolProtocol.PoolOpened opened)
    {
        Range = opened.Range;
        MarkAccepted(opened.LastJob);
    }

    /// <summary>Records that earlier clients of the session have assigned the ids up to this one.</summary>
    public void StartAfter(JobId job) => _last = Math.Max(_last, job.Value);

    /// <summary>Records that the pool has accepted a job.</summary>
    public void MarkAccepted(JobId job) => _lastAccepted = Math.Max(_lastAccepted, job.Value);
}
