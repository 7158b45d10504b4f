using System.Text;
using Actors.Remoting.Serialization;
using Akka.Actor;

namespace Actors.Remoting.Transport;

/// <summary>Whether a message is delivered, or the reason for its refusal.</summary>
public enum FilterVerdict
{
    /// <summary>The message is delivered.</summary>
    Allowed,

    /// <summary>The bytes are malformed. The connection is closed.</summary>
    Malformed,

    /// <summary>
    /// The sender claims another address than the proven one in its introduction, or another actor system. The connection is closed.
    /// </summary>
    ForeignOrigin,

    /// <summary>
    /// The peer says that it has removed this program. Only coordinators may remove each other. The connection is closed, which such a peer
    /// does itself.
    /// </summary>
    Removal,

    /// <summary>The sender has another address than the proven one, or a contract has no sender.</summary>
    ForeignSender,

    /// <summary>The role of the peer may not send to the recipient.</summary>
    Recipient,

    /// <summary>The role of the peer may not send this kind of contents.</summary>
    Contents,

    /// <summary>The peer watches too many actors. The connection is closed.</summary>
    TooManyWatches,
}

/// <summary>
/// Decides which messages of a peer are delivered, from their bytes and before anything is deserialized. Coordinators may forward messages
/// of other programs. Senders of all other messages must be at the proven address of the peer.
/// </summary>
/// <param name="self">The role of this program.</param>
/// <param name="address">The address of this program, as the transport below has it.</param>
/// <param name="peer">The peer.</param>
/// <param name="watches">The watches of the peer. Those of coordinators are not counted.</param>
/// <param name="onIntroduced">
/// Called with the number of the peer's actor system when it introduces itself. Finds the numbered messages of that system.
/// </param>
public sealed class InboundFilter(
    LinkRole self, Address address, LinkPeer peer, PeerWatches watches, Func<ulong, NumberedMessages> onIntroduced)
{
    /// <summary>The longest message of coordinators excepted that has no recipient, or has a number.</summary>
    public const int MaxFrameworkLength = 8 << 10;

    /// <summary>The longest acknowledgment, except those of coordinators. The framework keeps each missing number in it.</summary>
    public const int MaxAcknowledgmentLength = 1 << 10;

    /// <summary>The name of the actor that stands for no sender. The framework takes every actor with this name for it.</summary>
    private static readonly byte[] NoSender = "/deadLetters"u8.ToArray();

    /// <summary>The longest path of a recipient or sender, with its address. Paths of coordinators may be longer.</summary>
    public const int MaxPathLength = 2048;

    private readonly byte[] _own = Encoding.UTF8.GetBytes($"akka.{address}");
    private readonly byte[] _peer = Encoding.UTF8.GetBytes($"akka.{address.Protocol}://{address.System}@{peer.Address}");
    private readonly byte[] _system = Encoding.UTF8.GetBytes(address.System);
    private readonly byte[] _protocol = Encoding.UTF8.GetBytes(address.Protocol);
    private readonly byte[] _peerHost = Encoding.UTF8.GetBytes(peer.Address.Host);
    private NumberedMessages? _numbers;

    /// <summary>The number of the peer's actor system; null before its introduction.</summary>
    public ulong? PeerUid { get; private set; }

    /// <summary>Judges a message of the connection.</summary>
    public FilterVerdict JudgeMessage(ReadOnlySpan<byte> bytes) => JudgeMessage(bytes, out _);

    /// <summary>Judges a message of the connection.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="recipient">The path of its recipient, without an address; empty for a message to the framework.</param>
    public FilterVerdict JudgeMessage(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> recipient)
    {
        recipient = default;
        if (!Envelope.TryReadProtocolMessage(bytes, out var payload, out var instruction))
            return FilterVerdict.Malformed;
        if (instruction.Command != InstructionCommand.None)
            return JudgeInstruction(instruction, bytes.Length);
        if (!Envelope.TryRead(payload, out var envelope))
            return FilterVerdict.Malformed;
        if (peer.Role != LinkRole.Coordinator && JudgeEnvelope(ref envelope, bytes.Length) is not FilterVerdict.Allowed and var refused)
            return refused;
        // A message without a recipient is an acknowledgment.
        if (envelope.Recipient.IsEmpty)
            return FilterVerdict.Allowed;
        if (!envelope.Recipient.StartsWith(_own) || !ActorNames.TryRead(envelope.Recipient[_own.Length..], out recipient))
            return FilterVerdict.Recipient;
        return JudgeDelivery(ref recipient, envelope, envelope.Message);
    }

    /// <summary>Judges the parts of a message that the framework reads itself.</summary>
    private FilterVerdict JudgeEnvelope(ref Envelope envelope, int length)
    {
        if (envelope.AcknowledgmentLength > MaxAcknowledgmentLength)
            return FilterVerdict.Malformed;
        if (envelope.Recipient.IsEmpty)
            return length > MaxFrameworkLength ? FilterVerdict.Malformed : FilterVerdict.Allowed;
        return JudgePaths(envelope) is not FilterVerdict.Allowed and var refused ? refused : JudgeNumber(ref envelope, length);
    }

    /// <summary>
    /// Judges the number of a message. The framework numbers messages of death watch only, and keeps those that arrive too early.
    /// </summary>
    private FilterVerdict JudgeNumber(ref Envelope envelope, int length)
    {
        if (envelope.Sequence == Envelope.NoSequence)
            return FilterVerdict.Allowed;
        if (envelope.Message.Serializer != DeathWatchContents.Serializer || length > MaxFrameworkLength
            || _numbers?.TryAdd(envelope.Sequence, out var isRepeated) != true)
            return FilterVerdict.Malformed;
        envelope.IsRepeated = isRepeated;
        return FilterVerdict.Allowed;
    }

    /// <summary>Judges the paths. The framework keeps the last thousand of each connection, so they must be short.</summary>
    private FilterVerdict JudgePaths(Envelope envelope)
    {
        if (Math.Max(envelope.Recipient.Length, envelope.Sender.Length) > MaxPathLength)
            return FilterVerdict.Malformed;
        return envelope.Sender.IsEmpty || IsActorOfPeer(envelope.Sender) ? FilterVerdict.Allowed : FilterVerdict.ForeignSender;
    }

    private FilterVerdict JudgeInstruction(Instruction instruction, int length)
    {
        if (instruction.Command == InstructionCommand.Associate)
            return JudgeIntroduction(instruction);
        if (peer.Role == LinkRole.Coordinator)
            return FilterVerdict.Allowed;
        if (instruction.Command == InstructionCommand.DisassociateQuarantined)
            return FilterVerdict.Removal;
        return length > MaxFrameworkLength ? FilterVerdict.Malformed : FilterVerdict.Allowed;
    }

    private FilterVerdict JudgeIntroduction(Instruction origin)
    {
        if (!IsProven(origin.Address) || (PeerUid is { } known && known != origin.Uid))
            return FilterVerdict.ForeignOrigin;
        // The framework takes the lower half. A peer with two numbers that differ above it would be one system for it, and two here.
        if (peer.Role != LinkRole.Coordinator && origin.Uid != unchecked((ulong)(int)origin.Uid))
            return FilterVerdict.Malformed;
        PeerUid = origin.Uid;
        _numbers ??= onIntroduced(origin.Uid);
        return FilterVerdict.Allowed;
    }

    private FilterVerdict JudgeDelivery(ref ReadOnlySpan<byte> path, scoped Envelope envelope, scoped SerializedPayload message)
    {
        if (message.Serializer == SelectionPath.Serializer)
            return path is [(byte)'/'] ? JudgeSelection(ref path, envelope) : FilterVerdict.Recipient;
        if (!ReachableActors.AllowsPath(self, peer.Role, path))
            return FilterVerdict.Recipient;
        // Limits and the end of the sender are found by it.
        if (envelope.Sender.IsEmpty && peer.Role != LinkRole.Coordinator && message.Serializer == WireSerializer.Id)
            return FilterVerdict.ForeignSender;
        if (!AllowsContents(message))
            return FilterVerdict.Contents;
        return CountWatch(path, envelope, message) ? FilterVerdict.Allowed : FilterVerdict.TooManyWatches;
    }

    private bool AllowsContents(scoped SerializedPayload message) => message.Serializer switch
    {
        WireSerializer.Id => WireManifests.MaySend(peer.Role, message.Manifest),
        DeathWatchContents.Serializer => AllowsDeathWatch(message),
        SmallMessageContents.Serializer => AllowsSmallMessage(message),
        var other => ReachableActors.AllowsSerializer(peer.Role, other),
    };

    /// <summary>Judges a selection. It is addressed to the root, and its contents name the selected actor.</summary>
    private FilterVerdict JudgeSelection(ref ReadOnlySpan<byte> selected, scoped Envelope envelope)
    {
        Span<byte> path = stackalloc byte[SelectionPath.MaxLength];
        if (!SelectionPath.TryRead(envelope.Message.Bytes, ref path, out var inner) || inner.Serializer == SelectionPath.Serializer)
            return FilterVerdict.Contents;
        selected = path.ToArray();
        return JudgeDelivery(ref selected, envelope, inner);
    }

    private bool AllowsDeathWatch(scoped SerializedPayload message) => peer.Role == LinkRole.Coordinator
        || (DeathWatchContents.TryRead(message, out var contents) && IsPathOfPeer(contents.Source));

    /// <summary>The serializer checks the messages of coordinators.</summary>
    private bool AllowsSmallMessage(scoped SerializedPayload message) => peer.Role == LinkRole.Coordinator
        || (SmallMessageContents.IsForEveryRole(message.Manifest) && SmallMessageContents.IsAccepted(message.Manifest, message.Bytes));

    /// <summary>
    /// Counts a watch. The framework ignores a repeated message, and an unwatch of another actor than its recipient, so these end none.
    /// </summary>
    private bool CountWatch(ReadOnlySpan<byte> path, scoped Envelope envelope, scoped SerializedPayload message)
    {
        if (message.Serializer != DeathWatchContents.Serializer || peer.Role == LinkRole.Coordinator)
            return true;
        if (!DeathWatchContents.TryRead(message, out var contents))
            return false;
        if (DeathWatchContents.IsWatch(message))
            return watches.TryAdd(Encoding.UTF8.GetString(path), envelope.Recipient, contents.Source);
        if (DeathWatchContents.IsUnwatch(message) && !envelope.IsRepeated && contents.Watched.SequenceEqual(envelope.Recipient))
            watches.Remove(Encoding.UTF8.GetString(path), envelope.Recipient, contents.Source);
        return true;
    }

    /// <summary>Whether the address of a system is the proven one. A peer could act as many clients under names of its own.</summary>
    private bool IsProven(ReadOnlySpan<byte> address)
    {
        var fields = new ProtobufFields(address);
        var (seen, matches) = (0, 0);
        while (fields.ReadNext())
        {
            if (fields.Number is < 1 or > 4 || (seen & (1 << fields.Number)) != 0
                || !(fields.Number == 3 ? fields.IsVarint : fields.IsBytes))
                return false;
            seen |= 1 << fields.Number;
            if ((fields.Number == 1 && fields.Bytes.SequenceEqual(_system))
                || (fields.Number == 2 && fields.Bytes.SequenceEqual(_peerHost))
                || (fields.Number == 3 && fields.Value == (ulong)peer.Address.Port)
                || (fields.Number == 4 && fields.Bytes.SequenceEqual(_protocol)))
                matches++;
        }

        return !fields.IsMalformed && matches == 4;
    }

    /// <summary>Whether a path is that of an actor of the peer.</summary>
    private bool IsActorOfPeer(ReadOnlySpan<byte> path) =>
        path.StartsWith(_peer) && ActorNames.TryRead(path[_peer.Length..], out var names) && !names.EndsWith(NoSender);

    /// <summary>Whether a path with an address belongs to the peer.</summary>
    private bool IsPathOfPeer(ReadOnlySpan<byte> path) => path.StartsWith(_peer) && ActorNames.TryRead(path[_peer.Length..], out _);
}
