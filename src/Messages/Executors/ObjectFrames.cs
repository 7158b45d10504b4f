using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Messages.Executors;

/// <summary>Encodes calls on managed objects as frames. They are the same contracts that Akka.Remote sends between machines.</summary>
public static class ObjectFrames
{
    public static void WriteMessage(FrameWriter writer, ObjectCall call)
    {
        writer.BeginFrame(FrameKind.ObjectCall);
        writer.WriteGuid(call.Object.Value);
        writer.WriteInt64(call.Call);
        writer.WriteByte((byte)call.Operation);
        writer.WriteInt64(call.TimeoutMilliseconds);
        writer.WriteInt64(call.Number);
        WritePayloads(writer, call.Payloads);
        writer.EndFrame();
    }

    /// <summary>Writes a message about a managed object.</summary>
    public static void WriteMessage(FrameWriter writer, IWireMessage message)
    {
        switch (message)
        {
            case ObjectCall call: WriteMessage(writer, call); break;
            case ObjectReply reply: WriteMessage(writer, reply); break;
            case ObjectReplyReceived received: WriteMessage(writer, FrameKind.ObjectReplyReceived, received.Object, received.Call); break;
            case ObjectCallAbandoned abandoned:
                WriteMessage(
                writer, FrameKind.ObjectCallAbandoned, abandoned.Object, abandoned.Call); break;
            default: throw new ArgumentException($"{message.GetType()} is not a message about a managed object.", nameof(message));
        }
    }

    /// <summary>Writes <see cref="FrameKind.Caller"/> or <see cref="FrameKind.CallerEnded"/>.</summary>
    public static void WriteCaller(FrameWriter writer, FrameKind kind, long caller)
    {
        writer.BeginFrame(kind);
        writer.WriteInt64(caller);
        writer.EndFrame();
    }

    public static ObjectCall ReadCall(FrameReader reader) => new(
        new ObjectId(reader.ReadGuid()), reader.ReadInt64(), (ObjectOperation)reader.ReadByte(),
        reader.ReadInt64(), reader.ReadInt64(), ReadPayloads(ref reader));

    /// <summary>Writes a reply. A reply that is too large for a frame is replaced by <see cref="ObjectStatus.TooLarge"/>.</summary>
    public static void WriteMessage(FrameWriter writer, ObjectReply reply)
    {
        if (WireLimits.SizeOf(reply.Payloads) is > ExecutorProtocol.LargestPayload and var size)
            reply = reply with { Status = ObjectStatus.TooLarge, Number = size, Payloads = [] };
        writer.BeginFrame(FrameKind.ObjectReply);
        writer.WriteInt64(reply.Call);
        writer.WriteByte((byte)reply.Status);
        writer.WriteInt64(reply.Number);
        WritePayloads(writer, reply.Payloads);
        writer.EndFrame();
    }

    public static ObjectReply ReadReply(FrameReader reader) => new(
        reader.ReadInt64(), (ObjectStatus)reader.ReadByte(), reader.ReadInt64(), ReadPayloads(ref reader));

    /// <summary>Writes <see cref="FrameKind.ObjectReplyReceived"/> or <see cref="FrameKind.ObjectCallAbandoned"/>.</summary>
    public static void WriteMessage(FrameWriter writer, FrameKind kind, ObjectId target, long call)
    {
        writer.BeginFrame(kind);
        writer.WriteGuid(target.Value);
        writer.WriteInt64(call);
        writer.EndFrame();
    }

    public static (ObjectId Target, long Call) ReadCallNumber(FrameReader reader)
    {
        var read = (new ObjectId(reader.ReadGuid()), reader.ReadInt64());
        reader.RequireEnd();
        return read;
    }

    private static void WritePayloads(FrameWriter writer, ImmutableArray<ReadOnlyMemory<byte>> payloads)
    {
        writer.WriteInt32(payloads.Length);
        foreach (var payload in payloads)
            writer.WriteBytes(payload.Span);
    }

    /// <summary>Reads the payloads, which are the last part of a frame.</summary>
    private static ImmutableArray<ReadOnlyMemory<byte>> ReadPayloads(ref FrameReader reader)
    {
        var payloads = new ReadOnlyMemory<byte>[reader.ReadCount(sizeof(int))];
        for (var i = 0; i < payloads.Length; i++)
            payloads[i] = reader.ReadBytes();
        reader.RequireEnd();
        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(payloads);
    }
}
