using System.Collections.Immutable;
using System.Runtime.Serialization;
using Actors.Messages.Serialization;
using MemoryPack;

namespace Actors.Messages.Objects;

/// <summary>The identity of a durable object.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Type">The type of the proxy, for messages and to detect another type.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record DurableObjectSpec(string Name, ObjectKind Kind, string Type)
{
    /// <summary>Encodes the identity as the only payload of a call.</summary>
    public ReadOnlyMemory<byte> ToPayload() => MemoryPackSerializer.Serialize(this);

    /// <returns>The identity; null for other bytes.</returns>
    public static DurableObjectSpec? FromPayload(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return PackedBytes.DeserializeContract<DurableObjectSpec>(payload.Span);
        }
        catch (SerializationException)
        {
            return null;
        }
    }
}

/// <summary>
/// The commands of a durable object that are stored together, before any of them is answered. The same commands in the same order lead to
/// the same decisions.
/// </summary>
/// <param name="Commands">The commands in their order.</param>
[WireContract("j.object", PermittedSenders.Coordinator)]
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ObjectRecord(ImmutableArray<ObjectCommand> Commands) : IStoredRecord;

/// <summary>The kind of a command to a durable object.</summary>
public enum ObjectCommandKind : byte
{
    /// <summary>A call.</summary>
    Call = 1,

    /// <summary>The caller has received the reply to a call.</summary>
    Received = 2,

    /// <summary>A call is abandoned.</summary>
    Abandoned = 3,

    /// <summary>A caller is dead or is considered dead. Its calls are remembered.</summary>
    Died = 4,

    /// <summary>A caller was silent for so long that none of its calls can arrive any more.</summary>
    Forgotten = 5,

    /// <summary>Time has passed.</summary>
    Tick = 6,

    /// <summary>The caller's calls of lower numbers that have not arrived will not arrive.</summary>
    Skipped = 7,
}

/// <summary>A command to a durable object.</summary>
/// <param name="At">The time in milliseconds since 1970, UTC. It never decreases.</param>
/// <param name="Kind">The kind of the command.</param>
/// <param name="Caller">The caller.</param>
/// <param name="Call">The number of the call.</param>
/// <param name="Settled">The first call number that is not settled; all lower ones are.</param>
/// <param name="Operation">The operation of a call.</param>
/// <param name="TimeoutMilliseconds">See <see cref="ObjectCall"/>.</param>
/// <param name="Number">
/// See <see cref="ObjectCall"/>. For skipped calls, the number of the first; calls before it have arrived, whether stored or not.
/// </param>
/// <param name="Payloads">See <see cref="ObjectCall"/>.</param>
[MemoryPackable]
public sealed partial record ObjectCommand(
    long At, ObjectCommandKind Kind, CallerId Caller, long Call, long Settled, ObjectOperation Operation, long TimeoutMilliseconds,
    long Number,
    ImmutableArray<ReadOnlyMemory<byte>> Payloads)
{
    /// <summary>Creates a command that is not a call.</summary>
    public static ObjectCommand WithoutCall(ObjectCommandKind kind, CallerId caller, long call, long at) =>
        new(at, kind, caller, call, 0, default, 0, 0, []);
}

/// <summary>The whole state of a durable object. Older records are deleted when it is stored.</summary>
/// <param name="At">The time of the last command.</param>
/// <param name="Spec">The identity of the object.</param>
/// <param name="Number">The bound of the object.</param>
/// <param name="Callers">The known callers.</param>
/// <param name="LastCaller">The number of the last caller.</param>
/// <param name="Queue">The state of a queue.</param>
[WireContract("j.objectsnapshot", PermittedSenders.Coordinator)]
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ObjectSnapshot(
    long At, DurableObjectSpec Spec, long Number, ImmutableArray<CallerSnapshot> Callers, int LastCaller,
    QueueSnapshot Queue) : IStoredRecord;

/// <summary>The state of a caller at a durable object.</summary>
/// <param name="Id">The id of the caller.</param>
/// <param name="Number">The number of the caller at the object.</param>
/// <param name="Settled">The first call number that is not settled; all lower ones are.</param>
/// <param name="Next">The number of the next call.</param>
/// <param name="IsDead">Whether the caller is considered dead.</param>
/// <param name="Waiting">The waiting calls.</param>
/// <param name="Answers">The replies to its other calls that are not settled.</param>
/// <param name="DeadSince">The time since which it is considered dead; 0 for the time of the snapshot.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record CallerSnapshot(
    CallerId Id, int Number, long Settled, long Next, bool IsDead, ImmutableArray<long> Waiting, ImmutableArray<ObjectReply> Answers,
    long DeadSince = 0);

/// <summary>The state of a queue.</summary>
/// <param name="LastPosition">The position of the last item that was put.</param>
/// <param name="Items">The items in their order.</param>
/// <param name="Delivered">The items that were delivered without a confirmed receipt.</param>
/// <param name="Putters">The calls that wait for capacity, in their order.</param>
/// <param name="Getters">The calls that wait for items.</param>
/// <param name="Joiners">The calls that wait until all items are done.</param>
/// <param name="Unfinished">The number of items that are not done.</param>
/// <param name="UnfinishedByCaller">The number of unfinished items of each caller.</param>
/// <param name="Leases">The items that were received and not acknowledged.</param>
/// <param name="LastLease">The number of the last lease.</param>
/// <param name="Returned">The items that have returned without an acknowledgment.</param>
/// <param name="Keys">The keys of items, the oldest first.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record QueueSnapshot(
    long LastPosition, ImmutableArray<ItemSnapshot> Items, ImmutableArray<DeliveredSnapshot> Delivered,
    ImmutableArray<WaitingSnapshot> Putters,
    ImmutableArray<WaitingSnapshot> Getters, ImmutableArray<WaitingSnapshot> Joiners, long Unfinished,
    ImmutableArray<UnfinishedSnapshot> UnfinishedByCaller, ImmutableArray<LeaseSnapshot> Leases = default, long LastLease = 0,
    ImmutableArray<ReturnedSnapshot> Returned = default, ImmutableArray<ItemKey> Keys = default);

/// <summary>An item and its position.</summary>
[MemoryPackable]
public sealed partial record ItemSnapshot(long Position, ReadOnlyMemory<byte> Payload);

/// <summary>The items that were delivered to a call.</summary>
[MemoryPackable]
public sealed partial record DeliveredSnapshot(int Caller, long Call, ImmutableArray<ItemSnapshot> Items);

/// <summary>A received item that is not acknowledged.</summary>
/// <param name="Number">The number of the lease.</param>
/// <param name="Caller">The number of the caller.</param>
/// <param name="Call">The call that has delivered the item, if its answer is not confirmed.</param>
/// <param name="Item">The item.</param>
[MemoryPackable]
public sealed partial record LeaseSnapshot(long Number, int Caller, long? Call, ItemSnapshot Item);

/// <summary>An item that has returned to its queue without an acknowledgment.</summary>
/// <param name="Position">The position of the item.</param>
/// <param name="Count">How often it has returned.</param>
[MemoryPackable]
public readonly partial record struct ReturnedSnapshot(long Position, int Count);

/// <summary>The key of an item.</summary>
/// <param name="Key">The first half of the key's SHA-256.</param>
/// <param name="Item">The first half of the item's SHA-256.</param>
[MemoryPackable]
public readonly partial record struct ItemKey(UInt128 Key, UInt128 Item);

/// <summary>A waiting call.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="Call">The call.</param>
/// <param name="Deadline">The deadline in ticks of the object's time; the greatest number for none.</param>
/// <param name="Done">The number of items already processed.</param>
[MemoryPackable]
public sealed partial record WaitingSnapshot(int Caller, ObjectCall Call, long Deadline, int Done);

/// <summary>The number of items that a caller has taken and not finished.</summary>
[MemoryPackable]
public sealed partial record UnfinishedSnapshot(int Caller, long Count);
