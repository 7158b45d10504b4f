namespace Actors.Messages.Objects;

/// <summary>What is asked of a managed object. A kind answers its own and refuses the rest.</summary>
public enum ObjectOperation : byte
{
    // Each kind has a range of its own: 1 to 9 queues, 10 locks, 20 conditions, 30 semaphores, 35 events, 40 barriers, 50 values, 55 arrays of
    // bytes, 60 lists, 90 dictionaries, 120 pipes, 130 services.

    /// <summary>Queue: put every payload, waiting for room. Answer <see cref="ObjectStatus.Ok"/> or <see cref="ObjectStatus.Full"/>, number: how many were put.</summary>
    Put = 1,

    /// <summary>Queue: take from 1 up to <see cref="ObjectCall.Number"/> items, waiting for the first.</summary>
    Get = 2,

    /// <summary>Queue: number is how many items it holds.</summary>
    Count = 3,

    /// <summary>Queue: number is its capacity, 0 when unbounded.</summary>
    Capacity = 4,

    /// <summary>Lock: take it, waiting for it. Number of the answer: the fencing token.</summary>
    Acquire = 10,

    /// <summary>Lock: give it back; <see cref="ObjectCall.Number"/> is the token of the acquisition.</summary>
    Release = 11,

    /// <summary>Lock: number is the token of the holder, 0 when free.</summary>
    Holder = 12,

    /// <summary>Condition, asked of its lock: give the lock back, wait for a notification, and take the lock again. <see cref="ObjectCall.Number"/>
    /// is the token of the holder, the payload a <see cref="ConditionArguments"/>. Number of the answer: the new token; it carries one empty value
    /// when the time ran out.</summary>
    ConditionWait = 20,

    /// <summary>Condition, asked of its lock: wake so many that wait. <see cref="ObjectCall.Number"/> is the token of the holder, the payload a
    /// <see cref="ConditionArguments"/>.</summary>
    ConditionNotify = 21,

    /// <summary>Semaphore: take a permit that comes back when it is returned or its process dies, waiting for it. Number of the answer: its name.</summary>
    SemaphoreAcquire = 30,

    /// <summary>Semaphore: use a permit up, waiting for it.</summary>
    SemaphoreWait = 31,

    /// <summary>Semaphore: add <see cref="ObjectCall.Number"/> permits, or <see cref="ObjectStatus.OutOfBounds"/>.</summary>
    SemaphoreRelease = 32,

    /// <summary>Semaphore: give back the permit that <see cref="SemaphoreAcquire"/> named so.</summary>
    SemaphoreReturn = 33,

    /// <summary>Semaphore: number is how many permits are free.</summary>
    SemaphoreCount = 34,

    /// <summary>Event: set it; whoever waits goes on.</summary>
    EventSet = 35,

    /// <summary>Event: clear it.</summary>
    EventClear = 36,

    /// <summary>Event: number is 1 when it is set.</summary>
    EventIsSet = 37,

    /// <summary>Event: wait until it is set.</summary>
    EventWait = 38,

    /// <summary>Barrier: wait for the other parties; <see cref="ObjectCall.Number"/> is 1 for one that would run an action first. Number of the
    /// answer: the place among the parties; or, with one empty value, the round whose last party the caller is: it runs its action.</summary>
    BarrierWait = 40,

    /// <summary>Barrier: the action of this round is done; the parties go on. Number of the answer: the caller's place among them.</summary>
    BarrierRelease = 41,

    /// <summary>Barrier: break it.</summary>
    BarrierAbort = 42,

    /// <summary>Barrier: make it as new; whoever waits gets <see cref="ObjectStatus.Broken"/>.</summary>
    BarrierReset = 43,

    /// <summary>Barrier: number is how many wait; <see cref="ObjectStatus.Broken"/> when it is broken.</summary>
    BarrierWaiting = 44,
}
