using System.Collections.Immutable;

namespace Actors.Messages.Objects.Kinds;

/// <summary>A number of items, permits or processes.</summary>
public readonly record struct CountReply(long Count, ObjectStatus Status = ObjectStatus.Ok) : IObjectReply<CountReply>
{
    public ObjectReply ToEnvelope(long call) => new(call, Status, Count, []);

    public static CountReply? FromEnvelope(ObjectReply reply) => new(reply.Number, reply.Status);
}

/// <summary>An index, from 0.</summary>
public readonly record struct IndexReply(long Index, ObjectStatus Status = ObjectStatus.Ok) : IObjectReply<IndexReply>
{
    public ObjectReply ToEnvelope(long call) => new(call, Status, Index, []);

    public static IndexReply? FromEnvelope(ObjectReply reply) => new(reply.Number, reply.Status);
}

/// <summary>An item, or none.</summary>
/// <param name="Item">The encoded item; null for none.</param>
/// <param name="Status">The status.</param>
public readonly record struct ItemReply(ReadOnlyMemory<byte>? Item, ObjectStatus Status = ObjectStatus.Ok) : IObjectReply<ItemReply>
{
    /// <summary>The item of a reply that must have one.</summary>
    /// <exception cref="InvalidDataException">The reply has none.</exception>
    public ReadOnlyMemory<byte> RequiredItem =>
        Item ?? throw new InvalidDataException("A reply without its item arrived: the coordinator has an incompatible version.");

    public ObjectReply ToEnvelope(long call) => new(call, Status, 0, Item is { } item ? [item] : []);

    public static ItemReply? FromEnvelope(ObjectReply reply) => reply.Payloads switch
    {
        [] => new(null, reply.Status),
        [var item] => new(item, reply.Status),
        _ => null,
    };
}

/// <summary>Items in their order.</summary>
public readonly record struct ItemsReply(ImmutableArray<ReadOnlyMemory<byte>> Items, ObjectStatus Status = ObjectStatus.Ok)
    : IObjectReply<ItemsReply>
{
    public ObjectReply ToEnvelope(long call) => new(call, Status, Items.Length, Items);

    public static ItemsReply? FromEnvelope(ObjectReply reply) => new(reply.Payloads, reply.Status);
}
