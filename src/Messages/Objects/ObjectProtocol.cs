using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Objects;

/// <summary>What kind of managed object.</summary>
public enum ObjectKind : byte
{
    /// <summary>A first-in, first-out queue, bounded or not.</summary>
    Queue = 1,

    /// <summary>A fair lock.</summary>
    Lock = 2,
}

/// <summary>What is asked of a managed object. A kind answers its own and refuses the rest.</summary>
public enum ObjectOperation : byte
{
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
}

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

    /// <summary>From the node: the items of the call do not fit into a message between machines; number is how many bytes they take.</summary>
    TooLarge = 8,
}

/// <summary>Caller and managed object. The sender of a call is the actor that stands for the caller's process; when that actor is gone, the caller is.</summary>
public static partial class ObjectProtocol
{
    /// <summary>
    /// To the coordinator: make this object. Answered by <see cref="Created"/>, again if it is there already. The sender is its maker:
    /// when that actor is gone the object is removed, so that a client that was killed leaves none behind. The actor of an Ask is not
    /// taken for a maker.
    /// </summary>
    /// <param name="Object">Its id, chosen by the maker.</param>
    /// <param name="Kind">What it is.</param>
    /// <param name="Capacity">A queue's bound; 0 is none.</param>
    [MemoryPackable]
    public sealed partial record Create(ObjectId Object, ObjectKind Kind, long Capacity) : IWireMessage;

    /// <summary>The object exists.</summary>
    [MemoryPackable]
    public sealed partial record Created(ObjectId Object) : IWireMessage;

    /// <summary>To the coordinator: remove this object; calls that wait on it end with <see cref="ObjectStatus.NoSuchObject"/>.</summary>
    [MemoryPackable]
    public sealed partial record Remove(ObjectId Object) : IWireMessage;
}

/// <summary>One operation on a managed object. Answered by one <see cref="ObjectReply"/> of the same <paramref name="Call"/>.</summary>
/// <param name="Object">Which object.</param>
/// <param name="Call">The caller's number for it.</param>
/// <param name="Operation">What is asked.</param>
/// <param name="TimeoutMilliseconds">How long to wait; 0 is not at all, -1 is for ever.</param>
/// <param name="Number">The operation's number argument.</param>
/// <param name="Payloads">The operation's encoded values.</param>
[MemoryPackable]
public sealed partial record ObjectCall(
    ObjectId Object, long Call, ObjectOperation Operation, long TimeoutMilliseconds, long Number,
    ImmutableArray<ReadOnlyMemory<byte>> Payloads) : IWireMessage;

/// <summary>The answer to an <see cref="ObjectCall"/>.</summary>
[MemoryPackable]
public sealed partial record ObjectReply(
    long Call, ObjectStatus Status, long Number, ImmutableArray<ReadOnlyMemory<byte>> Payloads) : IWireMessage;

/// <summary>The caller's process has the answer in hand: what it was given will not be given again.</summary>
[MemoryPackable]
public sealed partial record ObjectReceived(ObjectId Object, long Call) : IWireMessage;

/// <summary>The caller does not wait for this call any more.</summary>
[MemoryPackable]
public sealed partial record ObjectCallAbandoned(ObjectId Object, long Call) : IWireMessage;
