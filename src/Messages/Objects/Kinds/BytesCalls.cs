using System.Buffers.Binary;

namespace Actors.Messages.Objects.Kinds;

/// <summary>Reads bytes. Outside the array, or more than <see cref="MaxCount"/>: <see cref="ObjectStatus.NotFound"/>.</summary>
public readonly record struct BytesRead(long Offset, int Count) : IObjectRequest<BytesRead, ItemReply>
{
    /// <summary>The most bytes of a reply. Each reply is a copy, because the array may change before it is sent.</summary>
    public const int MaxCount = 1 << 20;

    public static ObjectOperation Operation => ObjectOperation.ReadBytes;

    public static CallContent ToContent(BytesRead request) => new(request.Offset, [BitConverter.GetBytes(request.Count)]);

    public static BytesRead? FromCall(ObjectCall call) => call.Payloads is [{ Length: sizeof(int) } count]
        ? new(call.Number, BinaryPrimitives.ReadInt32LittleEndian(count.Span))
        : null;
}

/// <summary>Writes bytes. Outside the array: <see cref="ObjectStatus.NotFound"/>.</summary>
public readonly record struct BytesWrite(long Offset, ReadOnlyMemory<byte> Bytes) : IObjectRequest<BytesWrite, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.WriteBytes;

    public static CallContent ToContent(BytesWrite request) => new(request.Offset, [request.Bytes]);

    public static BytesWrite? FromCall(ObjectCall call) => call.Payloads is [var bytes] ? new(call.Number, bytes) : null;
}
