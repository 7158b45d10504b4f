using System.Runtime.Serialization;
using System.Text;
using Actors.Messages.Jobs;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Remote.Serialization;
using Akka.Serialization;
using Google.Protobuf;

namespace Actors.Remoting.Serialization;

/// <summary>
/// Replaces the serializer of small messages of the framework, and accepts only the messages that these programs use. The framework creates
/// any exception type that a peer names for a failure; here, a failure is sent as its text. Messages that would stop actors of a peer are
/// refused, and so are messages inside a message, except text and numbers.
/// </summary>
public sealed class SmallMessagesSerializer : SerializerWithStringManifest
{
    private const string Failure = "failure";

    private readonly MiscMessageSerializer _inner;

    /// <summary>Called by the actor system.</summary>
    public SmallMessagesSerializer(ExtendedActorSystem system)
        : base(system) => _inner = new MiscMessageSerializer(system);

    /// <inheritdoc/>
    public override string Manifest(object o) => o is Status.Failure ? Failure : _inner.Manifest(o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        if (obj is Status.Failure failure)
            return Encoding.UTF8.GetBytes(FailureLimits.CutText(failure.Cause?.Message) ?? "");
        var bytes = _inner.ToBinary(obj);
        RequireAccepted(_inner.Manifest(obj), bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (manifest == Failure)
            return new Status.Failure(new RemoteFailureException(Encoding.UTF8.GetString(bytes)));
        RequireAccepted(manifest, bytes);
        try
        {
            return _inner.FromBinary(bytes, manifest);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or ArgumentException or FormatException)
        {
            throw new SerializationException($"A small message '{manifest}' is malformed: {exception.Message}", exception);
        }
    }

    private static void RequireAccepted(string manifest, byte[] bytes)
    {
        if (!SmallMessageContents.IsAccepted(Encoding.UTF8.GetBytes(manifest), bytes))
            throw new SerializationException($"The bytes of '{manifest}' are not a small message that is accepted.");
    }
}

/// <summary>The failure of a request to an actor of another process.</summary>
public sealed class RemoteFailureException(string message) : Exception(message);
