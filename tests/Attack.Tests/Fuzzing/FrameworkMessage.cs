using System.Reflection;
using Actors.Remoting;
using Akka.Remote;
using Google.Protobuf;

namespace Actors.Attack.Tests.Fuzzing;

/// <summary>The parts of a message that the framework's own reader finds. Its types are internal.</summary>
/// <param name="Origin">The address in the introduction; null for none.</param>
/// <param name="Sequence">The sequence number; null without a message for an actor.</param>
/// <param name="HasRecipient">Whether there is a message for an actor.</param>
internal sealed record FrameworkMessage(HostPort? Origin, ulong? Sequence, bool HasRecipient)
{
    private const string Formats = "Akka.Remote.Serialization.Proto.Msg.";

    private static readonly MessageParser Protocol = FindParser("AkkaProtocolMessage");
    private static readonly MessageParser Container = FindParser("AckAndEnvelopeContainer");

    /// <summary>Reads a message. Null for a malformed one, such as a path that is no UTF-8: the framework closes the connection.</summary>
    public static FrameworkMessage? TryRead(byte[] bytes)
    {
        try
        {
            var message = Protocol.ParseFrom(bytes);
            var origin = Find(message, "Instruction", "HandshakeInfo", "Origin");
            HostPort? at = origin is null ? null : new HostPort((string)Get(origin, "Hostname")!, (int)(uint)Get(origin, "Port")!);
            var envelope = Find(Container.ParseFrom((ByteString)Get(message, "Payload")!), "Envelope");
            return new FrameworkMessage(at, envelope is null ? null : (ulong)Get(envelope, "Seq")!, envelope is not null);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static MessageParser FindParser(string name) => (MessageParser)typeof(RemoteActorRef).Assembly.GetType(Formats + name, true)!
        .GetProperty("Parser", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;

    private static object? Find(object message, params string[] path) =>
        path.Aggregate((object?)message, (found, name) => found is null ? null : Get(found, name));

    private static object? Get(object message, string name) => message.GetType().GetProperty(name)!.GetValue(message);
}
