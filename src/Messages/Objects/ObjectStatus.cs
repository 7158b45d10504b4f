namespace Actors.Messages.Objects;

/// <summary>How a call on a managed object went.</summary>
public enum ObjectStatus : byte
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>The queue stayed full for the time allowed.</summary>
    Full = 1,

    /// <summary>The queue stayed empty for the time allowed.</summary>
    Empty = 2,

    /// <summary>The lock stayed taken for the time allowed.</summary>
    TimedOut = 3,

    /// <summary>The token does not hold the lock (any more).</summary>
    NotHeld = 4,

    /// <summary>Done, and the holder before died without releasing the lock.</summary>
    OkAbandoned = 5,

    /// <summary>There is no such object.</summary>
    NoSuchObject = 6,

    /// <summary>The object does not know this operation.</summary>
    NotSupported = 7,

    /// <summary>The items of the call, or of its answer, do not fit into a message between machines; number is how many bytes they take.</summary>
    TooLarge = 8,

    /// <summary>The value to be replaced is not the one expected: it was changed meanwhile.</summary>
    Conflict = 9,

    /// <summary>There is nothing under this key, index or value.</summary>
    NotFound = 10,

    /// <summary>There is something under this key already.</summary>
    Exists = 11,

    /// <summary>The barrier is broken, or the other end of the pipe is closed.</summary>
    Broken = 12,

    /// <summary>The semaphore, or the count of unfinished items, cannot be raised or lowered any further.</summary>
    OutOfBounds = 13,

    /// <summary>The call of a service threw; the payload is its failure.</summary>
    Threw = 14,

    /// <summary>It cannot be; the payload is a text that says why.</summary>
    Refused = 15,

    /// <summary>A durable object could not be reached; whether the call was done is not known. The payload is a text.</summary>
    Unreachable = 16,

    /// <summary>A durable object could not be read or written; whether the call was done is not known. The payload is a text.</summary>
    Interrupted = 17,

    /// <summary>A durable object had given the caller up, and has done nothing: the call is to be sent anew.</summary>
    ResendCall = 18,
}
