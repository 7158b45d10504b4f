using System.Text;
using Actors.Remoting.Access;
using Actors.Remoting.Flow;
using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace Actors.Remoting.Transport;

/// <summary>
/// Sends markers to the recipients of a connection. A marker takes the way of the peer's own messages through the framework's actors and
/// mailboxes, so it cannot overtake them. It is an <see cref="Identify"/>, which every actor answers; the framework answers for actors that
/// have ended.
/// </summary>
internal sealed class HandledMarkers : MinimalActorRef
{
    private const int EnvelopeField = 2;
    private const int SenderField = 4;
    private const int SequenceField = 5;
    private const int ManifestField = 3;

    /// <summary>The number of a message without a number, which is not acknowledged.</summary>
    private const ulong NoSequence = ulong.MaxValue;

    private readonly ExtendedActorSystem _system;
    private readonly Action<long> _onHandled;
    private readonly string _own;

    /// <param name="system">The actor system.</param>
    /// <param name="address">The address of this program, as the transport below has it.</param>
    /// <param name="onHandled">Called with the number of an answered marker, on the thread of its recipient.</param>
    public HandledMarkers(ExtendedActorSystem system, Address address, Action<long> onHandled)
    {
        (_system, _onHandled, _own) = (system, onHandled, $"akka.{address}");
        Path = Provider.TempPath().Parent / RandomName.NewName("markers");
        Provider.RegisterTempActor(this, Path);
    }

    /// <inheritdoc/>
    public override ActorPath Path { get; }

    /// <inheritdoc/>
    public override IActorRefProvider Provider => _system.Provider;

    /// <summary>Ends the answers.</summary>
    public void Unregister() => Provider.UnregisterTempActor(Path);

    /// <summary>Delivers markers as if they came from the connection.</summary>
    public void Deliver(UnhandledMessages.Markers markers, IHandleEventListener upstream)
    {
        var payload = CreatePayload(new Identify(markers.Number));
        foreach (var recipient in markers.Recipients)
            upstream.Notify(new InboundPayload(CreateMessage(recipient, payload)));
    }

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is ActorIdentity { MessageId: long number })
            _onHandled(number);
    }

    /// <summary>Encodes an <c>AkkaProtocolMessage</c> with an <c>AckAndEnvelopeContainer</c>, which <see cref="Envelope"/> reads.</summary>
    private ByteString CreateMessage(byte[] recipient, byte[] payload) => ByteString.CopyFrom(Encode(message =>
        WriteBytes(message, 1, Encode(container =>
            WriteBytes(container, EnvelopeField, Encode(envelope =>
            {
                WriteBytes(envelope, 1, CreateReference([.. Encoding.UTF8.GetBytes(_own), .. recipient]));
                WriteBytes(envelope, EnvelopeField, payload);
                WriteBytes(envelope, SenderField, CreateReference(Encoding.UTF8.GetBytes(_own + Path.ToStringWithoutAddress())));
                envelope.WriteTag(SequenceField, WireFormat.WireType.Fixed64);
                envelope.WriteFixed64(NoSequence);
            }))))));

    private byte[] CreatePayload(Identify identify)
    {
        var serializer = _system.Serialization.FindSerializerFor(identify);
        return Encode(payload =>
        {
            WriteBytes(payload, 1, serializer.ToBinary(identify));
            payload.WriteTag(EnvelopeField, WireFormat.WireType.Varint);
            payload.WriteInt32(serializer.Identifier);
            WriteBytes(payload, ManifestField, Encoding.UTF8.GetBytes(Akka.Serialization.Serialization.ManifestFor(serializer, identify)));
        });
    }

    private static byte[] CreateReference(byte[] path) => Encode(reference => WriteBytes(reference, 1, path));

    private static void WriteBytes(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(bytes));
    }

    private static byte[] Encode(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            write(output);
        return bytes.ToArray();
    }
}
