namespace Actors;

/// <summary>
/// The events, besides a request of the client, that cancel a running job before its worker is ended. See <c>PoolOptions.CancelOn</c>.
/// </summary>
[Flags]
public enum CancellationTriggers
{
    /// <summary>
    /// None: a timeout and the end of the client kill the worker without a cancellation, and a draining node waits for its running jobs.
    /// </summary>
    None = 0,

    /// <summary>
    /// The timeout of the job (<see cref="JobCancellationReason.Timeout"/>). A job that then throws ends with <c>JobTimedOutException</c>,
    /// and its worker continues. A job that returns a result has succeeded.
    /// </summary>
    Timeout = 1,

    /// <summary>
    /// The drain of the worker node (<see cref="JobCancellationReason.Drain"/>). A job that throws
    /// <see cref="OperationCanceledException"/>, or is killed after the grace time, runs again on another node. This is not counted as an
    /// attempt. An at-most-once job ends with <c>WorkerLostException</c> instead.
    /// </summary>
    Drain = 2,

    /// <summary>
    /// The end of the program that has submitted the job, or the loss of its connection
    /// (<see cref="JobCancellationReason.ClientDisconnected"/>). The jobs of a durable pool on a cluster continue without their program.
    /// </summary>
    ClientDisconnected = 4,

    /// <summary>All events.</summary>
    All = Timeout | Drain | ClientDisconnected,
}
