namespace Actors.Messages.Executors;

/// <summary>What a node tells an executor that has presented its token.</summary>
/// <param name="Home">Names the coordinator whose managed objects are reached through the node.</param>
/// <param name="ProgressPath">The file of its <see cref="ExecutorProgress"/>.</param>
/// <param name="Name">What it is called.</param>
/// <param name="NodeProcessId">The process id of the node.</param>
/// <param name="Initializer">What to call before the first job.</param>
internal sealed record Welcome(
    string Home, string ProgressPath, string Name, int NodeProcessId, (ReadOnlyMemory<byte> Definition, ReadOnlyMemory<byte> Arguments)? Initializer)
{
    public void Write(FrameWriter writer)
    {
        writer.Begin(FrameKind.Welcome);
        writer.WriteString(Home);
        writer.WriteString(ProgressPath);
        writer.WriteString(Name);
        writer.WriteInt32(NodeProcessId);
        writer.WriteByte(Initializer is null ? (byte)0 : (byte)1);
        if (Initializer is { } initializer)
        {
            writer.WriteBytes(initializer.Definition.Span);
            writer.WriteBytes(initializer.Arguments.Span);
        }

        writer.End();
    }

    public static Welcome Read(Frame frame)
    {
        var reader = frame.Read();
        var home = reader.ReadString() ?? "";
        var progress = reader.ReadString() ?? "";
        var (name, node) = (reader.ReadString() ?? "", reader.ReadInt32());
        return new Welcome(home, progress, name, node, reader.ReadByte() == 0 ? null : (reader.ReadBytes(), reader.ReadBytes()));
    }
}
