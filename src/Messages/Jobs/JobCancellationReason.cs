namespace Actors;

/// <summary>The reason why a running job is asked to stop.</summary>
public enum JobCancellationReason
{
    /// <summary>
    /// The client has requested it: with <c>JobHandle.Cancel</c>, the cancellation token of the call, <c>JobOptions.FailFast</c> or
    /// <c>JobOptions.MapTimeout</c>.
    /// </summary>
    Requested = 0,
}
