namespace Actors;

/// <summary>The reason why a running job is asked to stop.</summary>
public enum JobCancellationReason
{
    /// <summary>
    /// The client has requested it: with <c>JobHandle.Cancel</c>, the cancellation token of the call, <c>JobOptions.FailFast</c> or
    /// <c>JobOptions.MapTimeout</c>.
    /// </summary>
    Requested = 0,

    /// <summary>
    /// The job, or the item of a map, has exceeded <c>JobOptions.Timeout</c>. Needs <see cref="CancellationTriggers.Timeout"/>.
    /// </summary>
    Timeout = 1,

    /// <summary>Its worker node drains. The job runs again on another node. Needs <see cref="CancellationTriggers.Drain"/>.</summary>
    Drain = 2,

    /// <summary>
    /// The program that has submitted the job has ended, or its connection is broken. The result is dropped. Needs
    /// <see cref="CancellationTriggers.ClientDisconnected"/>.
    /// </summary>
    ClientDisconnected = 3,
}
