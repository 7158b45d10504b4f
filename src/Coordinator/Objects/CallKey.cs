namespace Actors.Coordinator.Objects;

/// <summary>Names one call on one object: callers number their calls themselves, so only both together are unique.</summary>
/// <param name="Caller">The number that the object's actor gave to the caller's process.</param>
/// <param name="Call">The caller's number for the call.</param>
internal readonly record struct CallKey(long Caller, long Call);
