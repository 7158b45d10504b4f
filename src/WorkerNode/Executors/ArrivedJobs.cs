using System.Diagnostics.CodeAnalysis;

namespace Actors.WorkerNode.Executors;

/// <summary>Positions of jobs, both included.</summary>
internal sealed record JobRange(long First, long Last);

/// <summary>
/// Which of the jobs that a pool has sent an executor have arrived. A position that was reported as missing is never taken: the pool may
/// have sent its job elsewhere.
/// Not thread-safe.
/// </summary>
internal sealed class ArrivedJobs
{
    /// <summary>The last position that has arrived or was reported as missing.</summary>
    public long Last { get; private set; }

    /// <summary>Decides on jobs that have arrived.</summary>
    /// <param name="first">The position of the first of them; 0 where positions are not counted.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="missed">Positions before them that have not arrived, to be reported; null for none.</param>
    /// <returns>Whether to run them. False for jobs that come a second time, or too late.</returns>
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

    /// <summary>The pool has sent jobs up to this position, before it said so.</summary>
    /// <param name="lastSent">The position.</param>
    /// <param name="missed">Those of them that have not arrived, to be reported.</param>
    public bool TryFindMissed(long lastSent, [NotNullWhen(true)] out JobRange? missed)
    {
        missed = lastSent > Last ? new JobRange(Last + 1, lastSent) : null;
        if (missed is null)
            return false;
        Last = lastSent;
        return true;
    }
}
