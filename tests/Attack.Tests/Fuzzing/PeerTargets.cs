using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Data;
using Actors.Remoting.Serialization;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Configuration;
using Google.Protobuf;

namespace Actors.Attack.Tests.Fuzzing;

/// <summary>The bytes of a peer on the network, from its first frame.</summary>
internal static class PeerTargets
{
    public const string Prefix = "peer:";

    private const string Own = "akka.tcp://actors@10.0.0.1:4053";
    private const string Sender = "akka.tcp://actors@10.0.0.2:40000/user/a";

    private static readonly Address Address = new("tcp", "actors", "10.0.0.1", 4053);
    private static readonly HostPort Coordinator = new("10.0.0.1", 4053);
    private static readonly HostPort Peer = new("10.0.0.2", 40000);
    private static readonly LinkKeys Keys = new(AccessKey.FromBytes("a key"u8.ToArray()));
    private static readonly byte[] Identify = Encode(output => WriteBytes(output, 1, EnvelopeWriter.CreatePayload(17, "L", new byte[8])));

    private static readonly Lazy<SmallMessagesSerializer> SmallMessages = new(() =>
        new SmallMessagesSerializer((ExtendedActorSystem)ActorSystem.Create(
            "fuzz", ConfigurationFactory.ParseString("""
                akka {
                  loglevel = OFF
                  stdout-loglevel = OFF
                  actor.serializers.primitive = "Akka.Remote.Serialization.PrimitiveSerializers, Akka.Remote"
                  actor.serialization-identifiers { "Akka.Remote.Serialization.PrimitiveSerializers, Akka.Remote" = 17 }
                  actor.serialization-settings.primitive.use-legacy-behavior = on
                }
                """))));

    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        Filter("client", LinkRole.Client), Filter("coordinator", LinkRole.Coordinator),
        new FuzzTarget<InvalidDataException>($"{Prefix}hello", [Initiate().CreateFirstFrame()!], bytes => Require(
            Accept().ProcessFrame(bytes, LinkCertificates.None).Refusal is null)),
        new FuzzTarget<InvalidDataException>($"{Prefix}reply", [CreateReply()], ReadReply),
        new FuzzTarget<InvalidDataException>($"{Prefix}proof", [CreateProof()], ReadProof),
        new FuzzTarget<InvalidDataException>($"{Prefix}data-request", [Write(stream =>
            DataFrames.WriteRequestAsync(stream, new DataRequest(DataDirection.Get, new DataKey(DataKind.Payload, 1, 2), 3), default))],
            bytes => DataFrames.ReadRequestAsync(new MemoryStream(bytes), default).GetAwaiter().GetResult()),
        new FuzzTarget<InvalidDataException>(
            $"{Prefix}data-answer", [Write(stream => DataFrames.WriteAnswerAsync(stream, 7, default))], ReadAnswer),
        Small("ID", Identify),
        Small("AID", [.. Identify, .. Encode(output => WriteBytes(output, 2, Encoding.UTF8.GetBytes(Sender)))]),
        Small("STS", Identify),
        Small("RWHR", Encode(output =>
        {
            output.WriteTag(1, WireFormat.WireType.Varint);
            output.WriteUInt64(7);
        })),
    ];

    private static FuzzTarget<SerializationException> Small(string manifest, byte[] sample) =>
        new($"{Prefix}small-{manifest}", [sample], bytes => SmallMessages.Value.FromBinary(bytes, manifest));

    private static FuzzTarget<InvalidDataException> Filter(string name, LinkRole role)
    {
        var contract = EnvelopeWriter.CreatePayload(WireSerializer.Id, "c.hello", [1, 2, 3]);
        byte[][] payloads =
        [
            contract,
            EnvelopeWriter.CreatePayload(SmallMessageContents.Serializer, "ID", Identify),
            EnvelopeWriter.CreatePayload(
                DeathWatchContents.Serializer, "Akka.Dispatch.SysMsg.DeathWatchNotification, Akka",
                Encode(output => WriteBytes(output, 1, Encode(inner => WriteBytes(inner, 1, Encoding.UTF8.GetBytes(Sender)))))),
        ];
        var selection = EnvelopeWriter.CreatePayload(SelectionPath.Serializer, "", CreateSelection(contract));
        return new FuzzTarget<InvalidDataException>(
            $"{Prefix}{name}",
            [
                .. payloads.Select(payload => CreateMessage("/user/coordinator#1", payload)), CreateMessage("/", selection),
                WithNumber(CreateMessage("/user/coordinator#1", payloads[^1]), 0), CreateIntroduction(),
            ],
            bytes => JudgeAsTheFramework(role, bytes));
    }

    /// <summary>
    /// Judges a message, and compares it with the framework's reading: an accepted message must not have an introduction, a number or a
    /// recipient that the filter did not see.
    /// </summary>
    private static void JudgeAsTheFramework(LinkRole role, byte[] bytes)
    {
        var filter = new InboundFilter(
            LinkRole.Coordinator, Address, new LinkPeer(role, Peer, new byte[LinkFrame.InstanceLength]),
            new PeerWatches(LinkLimits.MaxWatches, new WatchTotal(int.MaxValue), _ => true, _ => { }), _ => new NumberedMessages());
        filter.JudgeMessage(CreateIntroduction());
        Require(filter.JudgeMessage(bytes, out var recipient) == FilterVerdict.Allowed);
        if (FrameworkMessage.TryRead(bytes) is not { } read)
            return;
        if (read.Origin is { } origin && origin != Peer)
            throw new InvalidOperationException($"The framework takes the peer for {origin}.");
        if (role != LinkRole.Coordinator && read.Sequence is > NumberedMessages.Window and < ulong.MaxValue)
            throw new InvalidOperationException($"The framework reads the number {read.Sequence}.");
        if (read.HasRecipient == recipient.IsEmpty)
            throw new InvalidOperationException("The framework and the filter disagree about the recipient.");
    }

    private static byte[] CreateIntroduction() => Encode(protocol => WriteBytes(protocol, 2, Encode(instruction =>
    {
        instruction.WriteTag(1, WireFormat.WireType.Varint);
        instruction.WriteInt32((int)InstructionCommand.Associate);
        WriteBytes(instruction, 2, Encode(introduction =>
        {
            WriteBytes(introduction, 1, Encode(WritePeer));
            introduction.WriteTag(2, WireFormat.WireType.Fixed64);
            introduction.WriteFixed64(7);
        }));
    })));

    private static void WritePeer(CodedOutputStream address)
    {
        WriteBytes(address, 1, Encoding.UTF8.GetBytes(Address.System));
        WriteBytes(address, 2, Encoding.UTF8.GetBytes(Peer.Host));
        address.WriteTag(3, WireFormat.WireType.Varint);
        address.WriteUInt32((uint)Peer.Port);
        WriteBytes(address, 4, Encoding.UTF8.GetBytes(Address.Protocol));
    }

    /// <summary>Replaces the sequence number, which is the last field.</summary>
    private static byte[] WithNumber(byte[] message, ulong number)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(message.Length - sizeof(ulong)), number);
        return message;
    }

    private static byte[] CreateMessage(string path, byte[] payload) =>
        EnvelopeWriter.CreateMessage($"{Own}{path}", Sender, payload).Payload.ToByteArray();

    private static byte[] CreateSelection(byte[] payload) => Encode(output =>
    {
        WriteBytes(output, 1, payload);
        foreach (var name in new[] { "user", "coordinator" })
        {
            WriteBytes(output, 2, Encode(element =>
            {
                element.WriteTag(1, WireFormat.WireType.Varint);
                element.WriteInt32(2);
                WriteBytes(element, 2, Encoding.UTF8.GetBytes(name));
            }));
        }
    });

    private static void ReadReply(byte[] bytes)
    {
        var initiator = Initiate();
        initiator.CreateFirstFrame();
        Require(initiator.ProcessFrame(bytes, LinkCertificates.None).Refusal is null);
    }

    private static void ReadProof(byte[] bytes)
    {
        var acceptor = Accept();
        acceptor.ProcessFrame(Initiate().CreateFirstFrame(), LinkCertificates.None);
        Require(acceptor.ProcessFrame(bytes, LinkCertificates.None).Refusal is null);
    }

    private static byte[] CreateReply() => Accept().ProcessFrame(Initiate().CreateFirstFrame(), LinkCertificates.None).Send!;

    private static byte[] CreateProof()
    {
        var initiator = Initiate();
        initiator.CreateFirstFrame();
        return initiator.ProcessFrame(CreateReply(), LinkCertificates.None).Send!;
    }

    private static void ReadAnswer(byte[] bytes)
    {
        try
        {
            DataFrames.ReadAnswerAsync(new MemoryStream(bytes), default).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is EndOfStreamException or DataRefusedException)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private static byte[] Write(Func<Stream, ValueTask> write)
    {
        var stream = new MemoryStream();
        write(stream).AsTask().GetAwaiter().GetResult();
        return stream.ToArray();
    }

    private static void Require(bool isAccepted)
    {
        if (!isAccepted)
            throw new InvalidDataException("The bytes of the peer are refused.");
    }

    // The same nonces give the same proofs, so that the samples are valid.
    private static InitiatorHandshake Initiate() => new(Party(LinkRole.Client, Peer), Coordinator, new byte[LinkFrame.NonceLength]);

    private static AcceptorHandshake Accept() => new(Party(LinkRole.Coordinator, Coordinator), new byte[LinkFrame.NonceLength]);

    private static LinkParty Party(LinkRole role, HostPort address) => new(role, address, Keys, [], new byte[LinkFrame.InstanceLength]);

    private static byte[] Encode(Action<CodedOutputStream> write) => EnvelopeWriter.Encode(write);

    private static void WriteBytes(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }
}
