namespace Actors;

/// <summary>A job that failed; see <see cref="PoolSummary.FirstFailures"/>.</summary>
/// <param name="Job">The job's number in its pool, as <see cref="JobHandle.Id"/>.</param>
/// <param name="Exception">The exception of the job; for a chunk of a map, that of its first failed item.</param>
public sealed record JobFailure(long Job, Exception Exception)
{
    /// <summary>Returns one line with the job, and the type and message of the exception.</summary>
    public override string ToString() => $"job {Job}: {Exception.GetType()}: {Exception.Message.ReplaceLineEndings(" ")}";
}
