using System.Text;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace Actors.Remoting.Transport;

/// <summary>Creates messages as a peer would send them; <see cref="Envelope"/> reads them.</summary>
public static class EnvelopeWriter
{
    /// <summary>Creates a message.</summary>
    /// <param name="recipient">The path of the recipient, with its address.</param>
    /// <param name="sender">The path of the sender, with its address.</param>
    /// <param name="payload">The contents, from <see cref="CreatePayload"/>.</param>
    public static InboundPayload CreateMessage(string recipient, string sender, byte[] payload)
    {
        var envelope = Encode(output =>
        {
            WriteBytes(output, 1, CreateReference(recipient));
            WriteBytes(output, 2, payload);
            WriteBytes(output, 4, CreateReference(sender));
            output.WriteTag(5, WireFormat.WireType.Fixed64);
            output.WriteFixed64(Envelope.NoSequence);
        });
        var container = Encode(output => WriteBytes(output, 2, envelope));
        return new InboundPayload(ByteString.CopyFrom(Encode(output => WriteBytes(output, 1, container))));
    }

    /// <summary>Creates the contents of a message.</summary>
    /// <param name="serializer">The number of the serializer.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="contents">The serialized contents.</param>
    public static byte[] CreatePayload(int serializer, string manifest, byte[] contents) => Encode(output =>
    {
        WriteBytes(output, 1, contents);
        output.WriteTag(2, WireFormat.WireType.Varint);
        output.WriteInt32(serializer);
        WriteBytes(output, 3, Encoding.UTF8.GetBytes(manifest));
    });

    /// <summary>Encodes a message of Protobuf.</summary>
    public static byte[] Encode(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            write(output);
        return bytes.ToArray();
    }

    private static byte[] CreateReference(string path) => Encode(output => WriteBytes(output, 1, Encoding.UTF8.GetBytes(path)));

    private static void WriteBytes(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(bytes));
    }
}
