using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Actors.Messages.Objects.Kinds;

/// <summary>
/// Gets items of a container from an index, as many as fit into a message. If the container has changed since the version:
/// <see cref="ObjectStatus.Conflict"/>.
/// </summary>
/// <typeparam name="TSelf">The request itself.</typeparam>
public interface IPageRequest<TSelf> : IObjectRequest<TSelf, PageReply>
    where TSelf : struct, IPageRequest<TSelf>
{
    /// <summary>The number of payloads of an item.</summary>
    static abstract int PartsEach { get; }

    /// <summary>The index of the first item.</summary>
    long Start { get; }

    /// <summary>The version of the earlier pages; null for the first page.</summary>
    long? Version { get; }

    /// <summary>Creates a request.</summary>
    static abstract TSelf FromStart(long start, long? version);

    /// <inheritdoc/>
    static CallContent IObjectRequest<TSelf>.ToContent(TSelf request) =>
        new(request.Start, request.Version is { } version ? [BitConverter.GetBytes(version)] : []);

    /// <inheritdoc/>
    static TSelf? IObjectRequest<TSelf>.FromCall(ObjectCall call) => call.Payloads switch
    {
        [] => TSelf.FromStart(call.Number, null),
        [{ Length: sizeof(long) } version] => TSelf.FromStart(call.Number, BinaryPrimitives.ReadInt64LittleEndian(version.Span)),
        _ => null,
    };
}

/// <summary>Some items of a container.</summary>
/// <param name="Version">The version of the container.</param>
/// <param name="Total">The number of all its items.</param>
/// <param name="Parts">The items. Those of a dictionary are keys that are followed by their values.</param>
/// <param name="Status">The status.</param>
public readonly record struct PageReply(
    long Version, int Total, ImmutableArray<ReadOnlyMemory<byte>> Parts, ObjectStatus Status = ObjectStatus.Ok) : IObjectReply<PageReply>
{
    public ObjectReply ToEnvelope(long call) =>
        new(call, Status, Version, Status == ObjectStatus.Ok ? [BitConverter.GetBytes(Total), .. Parts] : []);

    public static PageReply? FromEnvelope(ObjectReply reply) => reply.Payloads switch
    {
        [] when reply.Status != ObjectStatus.Ok => new(reply.Number, 0, [], reply.Status),
        [{ Length: sizeof(int) } total, ..] =>
            new(reply.Number, BinaryPrimitives.ReadInt32LittleEndian(total.Span), reply.Payloads.RemoveAt(0), reply.Status),
        _ => null,
    };
}
