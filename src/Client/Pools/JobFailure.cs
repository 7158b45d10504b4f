namespace Actors;

/// <summary>A job that did not succeed, as <see cref="PoolSummary.FirstFailures"/> tells of it.</summary>
/// <param name="Job">The job's number in its pool, as <see cref="JobHandle.Id"/>.</param>
/// <param name="Exception">What it ended with; for a chunk of a map that of its first item that failed.</param>
public sealed record JobFailure(long Job, Exception Exception)
{
    /// <summary>One line for people: the job, and the type and message of the exception.</summary>
    public override string ToString() => $"job {Job}: {Exception.GetType()}: {Exception.Message.ReplaceLineEndings(" ")}";
}
