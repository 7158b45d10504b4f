namespace Actors.Messages.Objects;

/// <summary>The status of a call on a managed object.</summary>
public enum ObjectStatus : byte
{
    /// <summary>The call succeeded.</summary>
    Ok = 0,

    /// <summary>The queue was full until the timeout.</summary>
    Full = 1,

    /// <summary>The queue was empty until the timeout.</summary>
    Empty = 2,

    /// <summary>The lock was held until the timeout.</summary>
    TimedOut = 3,

    /// <summary>The token is not that of the current lock holder.</summary>
    NotHeld = 4,

    /// <summary>The call succeeded; the previous holder died without releasing the lock.</summary>
    OkAbandoned = 5,

    /// <summary>The object does not exist.</summary>
    NoSuchObject = 6,

    /// <summary>The object does not support this operation.</summary>
    NotSupported = 7,

    /// <summary>
    /// The items of the call or the reply are too large for a message between machines. The number is their size in bytes.
    /// </summary>
    TooLarge = 8,

    /// <summary>The value was changed meanwhile: it is not the expected one.</summary>
    Conflict = 9,

    /// <summary>The key, index or value does not exist.</summary>
    NotFound = 10,

    /// <summary>The key already exists.</summary>
    Exists = 11,

    /// <summary>The barrier is broken, or the other end of the pipe is closed.</summary>
    Broken = 12,

    /// <summary>The semaphore, or the count of unfinished items, cannot be raised or lowered any further.</summary>
    OutOfBounds = 13,

    /// <summary>The call of a service threw; the payload is its failure.</summary>
    Threw = 14,

    /// <summary>The call is refused. The payload is the reason as text.</summary>
    Refused = 15,

    /// <summary>A durable object was unreachable. Whether the call was executed is unknown. The payload is a text.</summary>
    Unreachable = 16,

    /// <summary>A durable object could not be read or written. Whether the call was executed is unknown. The payload is a text.</summary>
    Interrupted = 17,

    /// <summary>A durable object had considered the caller dead and did not execute the call. The caller sends it again.</summary>
    ResendCall = 18,

    /// <summary>The client uses as much of the coordinator as one client may. The payload is the reason as text.</summary>
    OverLimit = 19,
}
