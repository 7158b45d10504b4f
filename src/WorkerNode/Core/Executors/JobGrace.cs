using Actors.Messages;

namespace Actors.WorkerNode.Executors;

/// <summary>The time that a canceled job has to end before its executor is killed.</summary>
/// <param name="Job">The canceled job.</param>
/// <param name="Revocation">The number of the revocation that was sent with the cancellation.</param>
/// <param name="Latest">The time at which an executor without an answer is killed.</param>
public sealed record JobGrace(JobId Job, long Revocation, TimeSpan Latest)
{
    /// <summary>The decision after the time.</summary>
    public enum GraceDecision
    {
        /// <summary>The job has ended or was returned.</summary>
        Done,

        /// <summary>The job may begin until the executor has answered the revocation: decide again soon.</summary>
        Wait,

        /// <summary>The job still runs, or the executor does not answer.</summary>
        Kill,
    }

    /// <summary>Decides after the time.</summary>
    /// <param name="isRunning">Whether the job runs. Read it after <paramref name="answered"/>: the job may begin in between.</param>
    /// <param name="answered">The number of revocations that the executor has answered.</param>
    /// <param name="now">The time.</param>
    public GraceDecision Decide(bool isRunning, long answered, TimeSpan now) => (isRunning, IsAnswered: answered >= Revocation) switch
    {
        (true, _) => GraceDecision.Kill,
        (_, true) => GraceDecision.Done,
        _ => now > Latest ? GraceDecision.Kill : GraceDecision.Wait,
    };
}
