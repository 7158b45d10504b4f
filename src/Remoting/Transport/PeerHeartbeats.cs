using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace Actors.Remoting.Transport;

/// <summary>
/// The heartbeats of death watch of a peer whose connection is not read. The peer is not silent, this program does not listen; without them
/// each of the two would report the end of the other.
/// </summary>
/// <param name="own">The address of this program, as the transport below has it.</param>
/// <param name="peer">The address of the peer, likewise.</param>
public sealed class PeerHeartbeats(Address own, Address peer)
{
    /// <summary>The number of the serializer of small messages.</summary>
    private const int Serializer = 16;

    private const string Watcher = "/system/remote-watcher";
    private const string RequestManifest = "RWHB";
    private const string AnswerManifest = "RWHR";

    /// <summary>Creates a heartbeat, which this program answers, and the answer to this program's own.</summary>
    /// <param name="uid">The number of the peer's actor system.</param>
    public IReadOnlyList<InboundPayload> CreateHeartbeats(ulong uid) =>
    [
        CreateMessage(RequestManifest, []),
        CreateMessage(AnswerManifest, EnvelopeWriter.Encode(answer =>
        {
            answer.WriteTag(1, WireFormat.WireType.Varint);
            answer.WriteUInt64(uid);
        })),
    ];

    private InboundPayload CreateMessage(string manifest, byte[] contents) => EnvelopeWriter.CreateMessage(
        $"akka.{own}{Watcher}", $"akka.{peer}{Watcher}", EnvelopeWriter.CreatePayload(Serializer, manifest, contents));
}
