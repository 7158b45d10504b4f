using Actors.Messages;

namespace Actors.Testing;

/// <summary>A moment of a running job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">The number of the start, counted from 1.</param>
/// <param name="Moment">The moment.</param>
/// <param name="ProcessId">The worker.</param>
/// <param name="Time">The time since the start of the pool.</param>
internal readonly record struct JobMoment(JobId Job, int Attempt, FaultMoment Moment, int ProcessId, TimeSpan Time);
