using System.Diagnostics.CodeAnalysis;

namespace Actors.WorkerNode.Executors;

/// <summary>A range of positions of jobs. Both ends are included.</summary>
public sealed record JobRange(long First, long Last);

/// <summary>
/// Tracks which jobs of a pool have arrived at an executor. A position that was reported as missing is never accepted later, because the
/// pool may have sent its job to another executor. Not thread-safe.
/// </summary>
public sealed class ArrivedJobs
{
    /// <summary>The last position that has arrived or was reported as missing.</summary>
    public long Last { get; private set; }

    /// <summary>Decides whether to run jobs that have arrived.</summary>
    /// <param name="first">The position of the first job; 0 if positions are not counted.</param>
    /// <param name="count">The number of jobs.</param>
    /// <param name="missed">The positions before them that have not arrived, which must be reported; null for none.</param>
    /// <returns>Whether to run the jobs. False if they arrive a second time or too late.</returns>
    public bool TryAccept(long first, int count, out JobRange? missed)
    {
        missed = null;
        if (first == 0)
            return true;
        if (first <= Last)
            return false;
        if (first > Last + 1)
            missed = new JobRange(Last + 1, first - 1);
        Last = first + count - 1;
        return true;
    }

    /// <summary>Finds positions that have not arrived, after the pool has reported how many it sent.</summary>
    /// <param name="lastSent">The last position that the pool has sent.</param>
    /// <param name="missed">The positions that have not arrived, which must be reported.</param>
    public bool TryFindMissed(long lastSent, [NotNullWhen(true)] out JobRange? missed)
    {
        missed = lastSent > Last ? new JobRange(Last + 1, lastSent) : null;
        if (missed is null)
            return false;
        Last = lastSent;
        return true;
    }
}
