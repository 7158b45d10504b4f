using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>Observes the ends of jobs. Called on the thread that ends the job; must be quick and must not throw.</summary>
internal interface IJobObserver
{
    /// <summary>Called before the job ends with an outcome; returns the outcome that the caller of the job receives.</summary>
    JobOutcome OnEnding(PendingJob job, JobOutcome outcome);

    /// <summary>Called before the job ends without an outcome; returns the exception that the caller of the job receives.</summary>
    Exception OnFailing(PendingJob job, Exception exception);

    /// <summary>Called after the job has ended.</summary>
    void OnEnded(PendingJob job);
}
