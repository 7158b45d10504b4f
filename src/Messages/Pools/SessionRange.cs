namespace Actors.Messages.Pools;

/// <summary>
/// The ids of the jobs of a durable pool. The pool assigns each session a range of ids, so that several programs can number their jobs at
/// the same time. The first session has the ids from 1, the second those from 10,000,000,001.
/// </summary>
public static class SessionRange
{
    /// <summary>The number of ids in a range. A session cannot submit more jobs.</summary>
    public const long Size = 10_000_000_000;

    /// <summary>The greatest number of a range.</summary>
    public const long Last = (long.MaxValue / Size) - 1;

    /// <summary>Gets the number of the range of a job.</summary>
    public static long GetRange(JobId job) => job.Value / Size;

    /// <summary>Gets the id before the first one of a range.</summary>
    public static JobId GetStart(long range) => new(range * Size);
}
