using Actors.Messages;
using Actors.Pools;

namespace Actors;

/// <summary>A job that failed; see <see cref="PoolSummary.FirstFailures"/>.</summary>
/// <param name="Job">The job's number in its pool, as <see cref="JobHandle.Id"/>.</param>
/// <param name="Exception">The exception of the job; for a chunk of a map, that of its first failed item.</param>
public sealed record JobFailure(long Job, Exception Exception)
{
    /// <summary>
    /// Returns one line with the job, its function and the failed item of a map, and the type and message of the exception.
    /// </summary>
    public override string ToString() => $"{Call}: {Exception.GetType()}: {Exception.Message.ReplaceLineEndings(" ")}";

    private CallName Call => FailedCall.Of(Exception) is { } failed
        ? new CallName(new JobId(Job), failed.Function, failed.Item ?? 0, failed.Item is null ? 0 : 1)
        : new CallName(new JobId(Job), null);
}
