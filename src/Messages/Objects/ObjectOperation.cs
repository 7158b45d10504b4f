namespace Actors.Messages.Objects;

/// <summary>What is asked of a managed object. A kind answers its own and refuses the rest.</summary>
public enum ObjectOperation : byte
{
    // Each kind has a range of its own: 1 to 9 queues, 10 locks, 20 conditions, 30 semaphores, 35 events, 40 barriers, 50 values, 55 arrays of
    // bytes, 60 lists, 90 dictionaries, 120 pipes, 130 services, 200 what
    // is for the keeper of all objects.

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

    /// <summary>Service: call it; the payloads are the function and its arguments. Answered with the result, or <see cref="ObjectStatus.Threw"/> and the failure.</summary>
    Invoke = 130,

    /// <summary>
    /// Service, by the process that serves: the answer to the call of that number (negative: its failure; 0: to none), and wait for the next
    /// call. Number of the answer: the call's; payloads: as in <see cref="Invoke"/>.
    /// </summary>
    Serve = 131,

    /// <summary>Service: wait until a process serves.</summary>
    AwaitService = 132,

    /// <summary>Any kind, told and not answered: the caller's process has a proxy of it.</summary>
    Hold = 200,

    /// <summary>Any kind, told and not answered: the caller's process has no proxy of it any more.</summary>
    Drop = 201,

    /// <summary>Any kind, told and not answered: a value with proxies goes into it; the payload is their objects' ids.</summary>
    Contain = 202,
}
