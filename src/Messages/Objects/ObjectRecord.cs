using System.Collections.Immutable;
using System.Runtime.Serialization;
using Actors.Messages.Serialization;
using MemoryPack;

namespace Actors.Messages.Objects;

/// <summary>What a durable object is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Type">The proxy's type, for people and to tell a wrong one.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record DurableObjectSpec(string Name, ObjectKind Kind, string Type)
{
    /// <summary>As the one payload of a call.</summary>
    public ReadOnlyMemory<byte> ToPayload() => MemoryPackSerializer.Serialize(this);

    /// <returns>What the call says; null when it says nothing of the kind.</returns>
    public static DurableObjectSpec? FromCall(ObjectCall call)
    {
        try
        {
            return call.Payloads is [var payload] ? PackedBytes.DeserializeContract<DurableObjectSpec>(payload.Span) : null;
        }
        catch (SerializationException)
        {
            return null;
        }
    }
}

/// <summary>
/// What a durable object was told in a moment, written down before anybody is answered: one write for many calls. Told the same in the same order, it
/// decides the same.
/// </summary>
/// <param name="Commands">In their order.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ObjectRecord(ImmutableArray<ObjectCommand> Commands) : IStoredRecord;

/// <summary>What a durable object is told.</summary>
public enum ObjectCommandKind : byte
{
    /// <summary>A call.</summary>
    Call = 1,

    /// <summary>The answer to a call has arrived.</summary>
    Received = 2,

    /// <summary>A call is given up.</summary>
    Abandoned = 3,

    /// <summary>A caller is gone, or counts as gone; what it asked for is remembered.</summary>
    Died = 4,

    /// <summary>A caller has not been heard for so long that none of its calls can come any more.</summary>
    Forgotten = 5,

    /// <summary>Time has passed.</summary>
    Tick = 6,

    /// <summary>The caller's calls of lower numbers that have not come will not come.</summary>
    Skipped = 7,
}

/// <summary>One of them.</summary>
/// <param name="At">When, in milliseconds since 1970, UTC; never less than the one before.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Caller">By whom.</param>
/// <param name="Call">Which of the caller's calls.</param>
/// <param name="Settled">The caller's calls of lower numbers are settled.</param>
/// <param name="Operation">What a call asks.</param>
/// <param name="TimeoutMilliseconds">As in <see cref="ObjectCall"/>.</param>
/// <param name="Number">As in <see cref="ObjectCall"/>; of calls that are skipped, the first: those before it have come, written down or not.</param>
/// <param name="Payloads">As in <see cref="ObjectCall"/>.</param>
[MemoryPackable]
public sealed partial record ObjectCommand(
    long At, ObjectCommandKind Kind, CallerId Caller, long Call, long Settled, ObjectOperation Operation, long TimeoutMilliseconds,
    long Number,
    ImmutableArray<ReadOnlyMemory<byte>> Payloads)
{
    /// <summary>One that is no call.</summary>
    public static ObjectCommand WithoutCall(ObjectCommandKind kind, CallerId caller, long call, long at) =>
        new(at, kind, caller, call, 0, default, 0, 0, []);
}

/// <summary>All that a durable object knows, so that what it was told before can be deleted.</summary>
/// <param name="At">When it was told the last.</param>
/// <param name="Spec">What it is.</param>
/// <param name="Number">Its bound.</param>
/// <param name="Callers">Whom it knows.</param>
/// <param name="LastCaller">The number of the last caller.</param>
/// <param name="Queue">The state, of a queue.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ObjectSnapshot(
    long At, DurableObjectSpec Spec, long Number, ImmutableArray<CallerSnapshot> Callers, int LastCaller,
    QueueSnapshot Queue) : IStoredRecord;

/// <summary>What a durable object knows of a caller.</summary>
/// <param name="Id">Who it is.</param>
/// <param name="Number">Its number at the object.</param>
/// <param name="Settled">Its calls of lower numbers are settled.</param>
/// <param name="Next">Its next call.</param>
/// <param name="IsDead">It counts as gone.</param>
/// <param name="Waiting">Its calls that wait.</param>
/// <param name="Answers">The answers to its other calls that are not settled.</param>
/// <param name="DeadSince">When it began to count as gone; 0 for when the snapshot was made.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record CallerSnapshot(
    CallerId Id, int Number, long Settled, long Next, bool IsDead, ImmutableArray<long> Waiting, ImmutableArray<ObjectReply> Answers,
    long DeadSince = 0);

/// <summary>All that a queue knows.</summary>
/// <param name="LastPosition">The place of the item that was put in last.</param>
/// <param name="Items">The items in their order.</param>
/// <param name="Delivered">Items that were given, and are not known to have arrived.</param>
/// <param name="Putters">Calls that wait for room, in their order.</param>
/// <param name="Getters">Calls that wait for items.</param>
/// <param name="Joiners">Calls that wait until all is dealt with.</param>
/// <param name="Unfinished">How many items have not been dealt with.</param>
/// <param name="UnfinishedByCaller">Who has taken how many of them.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record QueueSnapshot(
    long LastPosition, ImmutableArray<ItemSnapshot> Items, ImmutableArray<DeliveredSnapshot> Delivered,
    ImmutableArray<WaitingSnapshot> Putters,
    ImmutableArray<WaitingSnapshot> Getters, ImmutableArray<WaitingSnapshot> Joiners, long Unfinished,
    ImmutableArray<UnfinishedSnapshot> UnfinishedByCaller);

/// <summary>An item and its place.</summary>
[MemoryPackable]
public sealed partial record ItemSnapshot(long Position, ReadOnlyMemory<byte> Payload);

/// <summary>Items that a call was given.</summary>
[MemoryPackable]
public sealed partial record DeliveredSnapshot(int Caller, long Call, ImmutableArray<ItemSnapshot> Items);

/// <summary>A call that waits.</summary>
/// <param name="Caller">Whose.</param>
/// <param name="Call">The call.</param>
/// <param name="Deadline">How long, in ticks of the object's time; the greatest number for ever.</param>
/// <param name="Done">How much of it has been done.</param>
[MemoryPackable]
public sealed partial record WaitingSnapshot(int Caller, ObjectCall Call, long Deadline, int Done);

/// <summary>How many items a caller has taken and not dealt with.</summary>
[MemoryPackable]
public sealed partial record UnfinishedSnapshot(int Caller, long Count);
