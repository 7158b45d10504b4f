namespace Actors.Simulation.Tests.Kernel;

/// <summary>The promises that simulated schedules check; docs/internals/verification.md describes each.</summary>
internal enum Invariant
{
    EndsOnce,
    EveryJobEnds,
    PoolEnds,
    WorkersEnd,
    WorkersKnown,
    OneOutcome,
    EndedStays,
    OneWorker,
    Alone,
    Reason,
    MaxAttempts,
    MaxJobsPerWorker,
    Timeout,
    Grants,
    Slots,
    WrittenFirst,
    AcceptedStays,
    OneResult,
    Assigned,
    Removed,
    Quiet,
    NoException,
    Exclusive,
    Delivery,
    Linearizable,
    Barrier,
    EveryCallEnds,
}
