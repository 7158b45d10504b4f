namespace Actors.Messages.Objects.Kinds;

/// <summary>
/// Sends a message from an end, waiting for capacity. If the other end is closed: <see cref="ObjectStatus.Broken"/>; if this one is:
/// <see cref="ObjectStatus.NotHeld"/>.
/// </summary>
/// <param name="End">The end: 0 or 1.</param>
/// <param name="Message">The message.</param>
public readonly record struct PipeSend(int End, ReadOnlyMemory<byte> Message) : IObjectRequest<PipeSend, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.PipeSend;

    public static CallContent ToContent(PipeSend request) => new(request.End, [request.Message]);

    public static PipeSend? FromCall(ObjectCall call) => call.Payloads is [var message] ? new(PipeEnds.FromCall(call), message) : null;
}

/// <summary>
/// Receives the next message at an end, waiting for it. If no message can come: <see cref="ObjectStatus.Broken"/>. A message above the
/// limit remains in the pipe: <see cref="ObjectStatus.OutOfBounds"/>.
/// </summary>
/// <param name="End">The end: 0 or 1.</param>
/// <param name="Limit">The greatest length in bytes; null for none.</param>
public readonly record struct PipeReceive(int End, long? Limit = null) : IObjectRequest<PipeReceive, MessageReply>
{
    public static ObjectOperation Operation => ObjectOperation.PipeReceive;

    public static CallContent ToContent(PipeReceive request) => new(request.End + (2 * ((request.Limit ?? -1) + 1)));

    public static PipeReceive? FromCall(ObjectCall call) =>
        new(PipeEnds.FromCall(call), (call.Number >> 1) - 1 is >= 0 and var limit ? limit : null);
}

/// <summary>A received message.</summary>
/// <param name="Message">The message.</param>
/// <param name="Length">The length of a message above the limit.</param>
/// <param name="Status">The status.</param>
public readonly record struct MessageReply(ReadOnlyMemory<byte> Message, long Length, ObjectStatus Status = ObjectStatus.Ok)
    : IObjectReply<MessageReply>
{
    public ObjectReply ToEnvelope(long call) =>
        Status == ObjectStatus.Ok ? new(call, Status, 1, [Message]) : new(call, Status, Length, []);

    public static MessageReply? FromEnvelope(ObjectReply reply) => reply.Payloads switch
    {
        [] when reply.Status != ObjectStatus.Ok => new(default, reply.Number, reply.Status),
        [var message] => new(message, message.Length, reply.Status),
        _ => null,
    };
}

/// <summary>Waits until a message arrives at an end, or the other end is closed.</summary>
public readonly record struct PipePoll(int End) : IObjectRequest<PipePoll, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.PipePoll;

    public static CallContent ToContent(PipePoll request) => new(request.End);

    public static PipePoll? FromCall(ObjectCall call) => new(PipeEnds.FromCall(call));
}

/// <summary>Ends the use of an end by the caller's process.</summary>
/// <param name="End">The end: 0 or 1.</param>
/// <param name="IsPassedOn">Whether another process, which has received the end, will use it.</param>
public readonly record struct PipeClose(int End, bool IsPassedOn) : IObjectRequest<PipeClose, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.PipeClose;

    public static CallContent ToContent(PipeClose request) => new(request.End, request.IsPassedOn ? [new byte[1]] : []);

    public static PipeClose? FromCall(ObjectCall call) => new(PipeEnds.FromCall(call), !call.Payloads.IsEmpty);
}

/// <summary>Begins the use of an end by the caller's process. Sent without a reply.</summary>
public readonly record struct PipeOpen(int End) : IObjectRequest<PipeOpen, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.PipeOpen;

    public static CallContent ToContent(PipeOpen request) => new(request.End);

    public static PipeOpen? FromCall(ObjectCall call) => new(PipeEnds.FromCall(call));
}

/// <summary>The end of a call on a pipe.</summary>
file static class PipeEnds
{
    public static int FromCall(ObjectCall call) => (int)(call.Number & 1);
}
