namespace Actors;

/// <summary>How the jobs of a pool ended, when it is over. Every job is counted once; a chunk of a map is a job.</summary>
/// <param name="Succeeded">How many returned.</param>
/// <param name="Failed">How many threw, could not be called, or ended with the failure of the pool.</param>
/// <param name="Cancelled">How many were cancelled by their callers.</param>
/// <param name="TimedOut">How many ran over their timeout.</param>
/// <param name="Lost">How many lost their workers as often as they might, or took too much memory.</param>
/// <param name="Dropped">How many were ended by the pool's termination.</param>
/// <param name="FirstFailures">The first that did not succeed, in the order of their ends; at most <see cref="MostFailures"/>. Dropped and cancelled ones are not among them.</param>
public sealed record PoolSummary(
    long Succeeded, long Failed, long Cancelled, long TimedOut, long Lost, long Dropped, IReadOnlyList<JobFailure> FirstFailures)
{
    /// <summary>How many failures a summary keeps.</summary>
    public const int MostFailures = 10;
}
