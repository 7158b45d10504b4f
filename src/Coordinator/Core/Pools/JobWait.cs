namespace Actors.Coordinator.Pools;

/// <summary>The time from the acceptance of a job to the start of an attempt.</summary>
/// <param name="Function">The name of the function.</param>
/// <param name="Time">The time.</param>
public readonly record struct JobWait(string Function, TimeSpan Time);
