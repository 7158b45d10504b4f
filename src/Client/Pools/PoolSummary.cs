namespace Actors;

/// <summary>How the jobs of a pool ended, when it is over.</summary>
/// <param name="Succeeded">How many returned.</param>
/// <param name="Failed">How many threw, timed out, were cancelled or lost.</param>
/// <param name="Dropped">How many were ended by the pool's termination.</param>
public sealed record PoolSummary(long Succeeded, long Failed, long Dropped);
