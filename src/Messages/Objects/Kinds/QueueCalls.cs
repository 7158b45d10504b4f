using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Actors.Messages.Objects.Kinds;

/// <summary>
/// Puts items, waiting for capacity. The reply counts the items put. If the queue stays full: <see cref="ObjectStatus.Full"/>.
/// </summary>
public readonly record struct QueuePut(ImmutableArray<ReadOnlyMemory<byte>> Items) : IObjectRequest<QueuePut, CountReply>
{
    public static ObjectOperation Operation => ObjectOperation.Put;

    public static CallContent ToContent(QueuePut request) => new(request.Items);

    public static QueuePut? FromCall(ObjectCall call) => new(call.Payloads);
}

/// <summary>Takes 1 to <paramref name="Most"/> items, waiting for the first. Otherwise <see cref="ObjectStatus.Empty"/>.</summary>
public readonly record struct QueueGet(long Most) : IObjectRequest<QueueGet, ItemsReply>
{
    public static ObjectOperation Operation => ObjectOperation.Get;

    public static CallContent ToContent(QueueGet request) => new(request.Most);

    public static QueueGet? FromCall(ObjectCall call) => new(call.Number);
}

/// <summary>Gets the number of items.</summary>
public readonly record struct QueueCount : IObjectRequest<QueueCount, CountReply>
{
    public static ObjectOperation Operation => ObjectOperation.Count;
}

/// <summary>Gets the capacity; 0 if unbounded.</summary>
public readonly record struct QueueCapacity : IObjectRequest<QueueCapacity, CountReply>
{
    public static ObjectOperation Operation => ObjectOperation.Capacity;
}

/// <summary>Marks taken items as done. Above the number of unfinished items: <see cref="ObjectStatus.OutOfBounds"/>.</summary>
public readonly record struct QueueTaskDone(long Count) : IObjectRequest<QueueTaskDone, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.TaskDone;

    public static CallContent ToContent(QueueTaskDone request) => new(request.Count);

    public static QueueTaskDone? FromCall(ObjectCall call) => new(call.Number);
}

/// <summary>Waits until all items are done.</summary>
public readonly record struct QueueJoin : IObjectRequest<QueueJoin, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.JoinItems;
}

/// <summary>
/// Puts an item unless one was put with the key before. If the key belongs to another item: <see cref="ObjectStatus.Conflict"/>. If the
/// queue stays full: <see cref="ObjectStatus.Full"/>.
/// </summary>
public readonly record struct QueuePutOnce(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Item)
    : IObjectRequest<QueuePutOnce, PutOnceReply>
{
    public static ObjectOperation Operation => ObjectOperation.PutOnce;

    public static CallContent ToContent(QueuePutOnce request) => new([request.Key, request.Item]);

    public static QueuePutOnce? FromCall(ObjectCall call) => call.Payloads is [var key, var item] ? new(key, item) : null;
}

/// <summary>Whether the item was put by this call, and not before.</summary>
public readonly record struct PutOnceReply(bool IsNew, ObjectStatus Status = ObjectStatus.Ok) : IObjectReply<PutOnceReply>
{
    public ObjectReply ToEnvelope(long call) => new(call, Status, IsNew ? 1 : 0, []);

    public static PutOnceReply? FromEnvelope(ObjectReply reply) => new(reply.Number > 0, reply.Status);
}

/// <summary>
/// Receives an item, waiting for it. The item returns to the queue unless it is acknowledged. Otherwise <see cref="ObjectStatus.Empty"/>.
/// </summary>
public readonly record struct QueueReceive : IObjectRequest<QueueReceive, LeaseReply>
{
    public static ObjectOperation Operation => ObjectOperation.ReceiveItem;

    public static CallContent ToContent(QueueReceive request) => new(1);
}

/// <summary>A received item.</summary>
/// <param name="Lease">The number of the lease.</param>
/// <param name="Item">The item.</param>
/// <param name="DeliveryCount">How often the item was delivered, this time included.</param>
/// <param name="Status">The status.</param>
public readonly record struct LeaseReply(
    long Lease, ReadOnlyMemory<byte> Item, int DeliveryCount, ObjectStatus Status = ObjectStatus.Ok) : IObjectReply<LeaseReply>
{
    public ObjectReply ToEnvelope(long call) =>
        new(call, Status, Lease, Status == ObjectStatus.Ok ? [Item, BitConverter.GetBytes(DeliveryCount)] : []);

    public static LeaseReply? FromEnvelope(ObjectReply reply) => reply.Payloads switch
    {
        [] when reply.Status != ObjectStatus.Ok => new(reply.Number, default, 0, reply.Status),
        [var item, { Length: sizeof(int) } deliveries] =>
            new(reply.Number, item, BinaryPrimitives.ReadInt32LittleEndian(deliveries.Span), reply.Status),
        _ => null,
    };
}

/// <summary>Removes a received item. If the caller does not have the lease: <see cref="ObjectStatus.NotHeld"/>.</summary>
public readonly record struct QueueAcknowledge(long Lease) : IObjectRequest<QueueAcknowledge, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.AcknowledgeItem;

    public static CallContent ToContent(QueueAcknowledge request) => new(request.Lease);

    public static QueueAcknowledge? FromCall(ObjectCall call) => new(call.Number);
}

/// <summary>Returns a received item. If the caller does not have the lease: <see cref="ObjectStatus.NotHeld"/>.</summary>
public readonly record struct QueueReturn(long Lease) : IObjectRequest<QueueReturn, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.ReturnItem;

    public static CallContent ToContent(QueueReturn request) => new(request.Lease);

    public static QueueReturn? FromCall(ObjectCall call) => new(call.Number);
}
