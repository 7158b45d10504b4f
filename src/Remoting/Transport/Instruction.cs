namespace Actors.Remoting.Transport;

/// <summary>The commands of a peer to the framework, with the numbers of Akka.Remote's format.</summary>
public enum InstructionCommand
{
    /// <summary>No command.</summary>
    None = 0,

    /// <summary>The peer introduces itself.</summary>
    Associate = 1,

    /// <summary>The peer ends the connection.</summary>
    Disassociate = 2,

    /// <summary>A heartbeat of the connection.</summary>
    Heartbeat = 3,

    /// <summary>The peer shuts down.</summary>
    DisassociateShuttingDown = 4,

    /// <summary>The peer has removed this program, and accepts no connection of it any more.</summary>
    DisassociateQuarantined = 5,
}

/// <summary>An instruction of a peer to the framework: an introduction, a heartbeat, or the end of the connection.</summary>
public readonly ref struct Instruction
{
    private Instruction(InstructionCommand command, ReadOnlySpan<byte> address, ulong uid)
    {
        Command = command;
        Address = address;
        Uid = uid;
    }

    /// <summary>The command.</summary>
    public InstructionCommand Command { get; }

    /// <summary>The address that the peer claims; empty unless it introduces itself.</summary>
    public ReadOnlySpan<byte> Address { get; }

    /// <summary>The number of the peer's actor system, if it introduces itself.</summary>
    public ulong Uid { get; }

    /// <summary>
    /// Reads an <c>AkkaControlMessage</c>. It has a command, and an introduction if the command is to associate: the framework must not
    /// find an introduction that was not judged.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Instruction instruction)
    {
        instruction = default;
        var (command, uid, seen) = (InstructionCommand.None, 0UL, 0);
        var address = ReadOnlySpan<byte>.Empty;
        var fields = new ProtobufFields(bytes);
        while (fields.ReadNext())
        {
            if (fields.Number is < 1 or > 2 || (seen & (1 << fields.Number)) != 0)
                return false;
            seen |= 1 << fields.Number;
            if (fields.Number == 1
                ? !TryReadCommand(fields, out command)
                : !fields.IsBytes || !TryReadIntroduction(fields.Bytes, out address, out uid))
                return false;
        }

        instruction = new Instruction(command, address, uid);
        return !fields.IsMalformed && command != InstructionCommand.None
            && (command == InstructionCommand.Associate) == !address.IsEmpty;
    }

    private static bool TryReadCommand(in ProtobufFields field, out InstructionCommand command)
    {
        command = (InstructionCommand)Math.Min(field.Value, int.MaxValue);
        return field.IsVarint && command <= InstructionCommand.DisassociateQuarantined;
    }

    private static bool TryReadIntroduction(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> address, out ulong uid)
    {
        address = default;
        uid = 0;
        var seen = 0;
        var fields = new ProtobufFields(bytes);
        while (fields.ReadNext())
        {
            if (fields.Number is < 1 or > 2 || (seen & (1 << fields.Number)) != 0
                || !(fields.Number == 1 ? fields.IsBytes : fields.IsFixed64))
                return false;
            seen |= 1 << fields.Number;
            if (fields.IsBytes)
                address = fields.Bytes;
            else
                uid = fields.Value;
        }

        return !fields.IsMalformed && !address.IsEmpty;
    }
}
