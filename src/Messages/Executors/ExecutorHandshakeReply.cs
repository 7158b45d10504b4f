using System.Collections.Immutable;

namespace Actors.Messages.Executors;

/// <summary>The reply of a node to a worker that has presented its token.</summary>
/// <param name="Owners">The coordinators whose managed objects are reachable through the node, the node's own first.</param>
/// <param name="ProgressPath">The path of the worker's <see cref="ExecutorProgress"/>.</param>
/// <param name="Identity">The identity of the worker.</param>
/// <param name="PayloadDirectory">
/// The directory of large arguments and results (<see cref="PayloadPaths"/>); empty if all use the socket.
/// </param>
/// <param name="PoolName">The name of the pool; null for none.</param>
/// <param name="NodeName">The name of the node.</param>
/// <param name="Services">The function that adds the services of the worker; null for none.</param>
/// <param name="Initializer">The function to call before the first job; null for none.</param>
/// <param name="State">The function that creates the state of the worker; null for none.</param>
/// <param name="LogsFrom">The least level of the log records that jobs send, plus 1; 0 if they send none.</param>
/// <param name="ClientGraceMilliseconds">
/// The time that the running job has to end after the end of the node, if the node is the client itself; otherwise 0: the process ends at
/// once.
/// </param>
public sealed record ExecutorHandshakeReply(
    ImmutableArray<string> Owners, string ProgressPath, ProcessIdentity Identity, string PayloadDirectory,
    string? PoolName, string NodeName, (ReadOnlyMemory<byte> Definition, ReadOnlyMemory<byte> Arguments)? Services,
    (ReadOnlyMemory<byte> Definition, ReadOnlyMemory<byte> Arguments)? Initializer,
    (ReadOnlyMemory<byte> Definition, ReadOnlyMemory<byte> Arguments)? State = null,
    int LogsFrom = 0, long ClientGraceMilliseconds = 0)
{
    public void WriteTo(FrameWriter writer)
    {
        writer.BeginFrame(FrameKind.HandshakeReply);
        writer.WriteInt32(Owners.Length);
        foreach (var owner in Owners)
            writer.WriteString(owner);
        writer.WriteString(ProgressPath);
        writer.WriteString(Identity.Name);
        writer.WriteInt32(Identity.ParentId);
        writer.WriteString(Identity.ParentName);
        writer.WriteString(PayloadDirectory);
        writer.WriteString(PoolName);
        writer.WriteString(NodeName);
        WriteFunction(writer, Services);
        WriteFunction(writer, Initializer);
        WriteFunction(writer, State);
        writer.WriteInt32(LogsFrom);
        writer.WriteInt64(ClientGraceMilliseconds);
        writer.EndFrame();
    }

    public static ExecutorHandshakeReply ReadFrom(Frame frame)
    {
        var reader = frame.CreateReader();
        var owners = new string[reader.ReadCount(sizeof(int))];
        for (var i = 0; i < owners.Length; i++)
            owners[i] = reader.ReadString() ?? "";
        var progress = reader.ReadString() ?? "";
        var identity = new ProcessIdentity(reader.ReadString() ?? "", reader.ReadInt32(), reader.ReadString() ?? "");
        var payloads = reader.ReadString() ?? "";
        var (pool, node) = (reader.ReadString(), reader.ReadString() ?? "");
        return new ExecutorHandshakeReply(
            [.. owners], progress, identity, payloads, pool, node, ReadFunction(ref reader), ReadFunction(ref reader),
            // A node of an earlier version sends none of these.
            reader.IsAtEnd ? null : ReadFunction(ref reader), reader.IsAtEnd ? 0 : reader.ReadInt32(),
            reader.IsAtEnd ? 0 : reader.ReadInt64());
    }

    private static void WriteFunction(FrameWriter writer, (ReadOnlyMemory<byte> Definition, ReadOnlyMemory<byte> Arguments)? function)
    {
        writer.WriteByte(function is null ? (byte)0 : (byte)1);
        if (function is not { } known)
            return;
        writer.WriteBytes(known.Definition.Span);
        writer.WriteBytes(known.Arguments.Span);
    }

    private static (ReadOnlyMemory<byte> Definition, ReadOnlyMemory<byte> Arguments)? ReadFunction(ref FrameReader reader) =>
        reader.ReadByte() == 0 ? null : (reader.ReadBytes(), reader.ReadBytes());
}
