namespace Actors;

/// <summary>The state of a job; see <see cref="JobHandle.State"/>.</summary>
public enum JobState
{
    /// <summary>
    /// Not started: on its way to the pool, queued there, or queued in a worker behind another job. Also a job that will be retried because
    /// its worker was lost.
    /// </summary>
    Waiting,

    /// <summary>Running in a worker.</summary>
    Running,

    /// <summary>The function returned.</summary>
    Succeeded,

    /// <summary>The function threw or could not be called, or the pool failed.</summary>
    Failed,

    /// <summary>Canceled by the caller.</summary>
    Canceled,

    /// <summary>The timeout was exceeded.</summary>
    TimedOut,

    /// <summary>The worker was lost in the last attempt, the memory limit was exceeded, or the coordinator was lost.</summary>
    Lost,

    /// <summary>Dropped because the pool was terminated.</summary>
    Dropped,
}
