using System.Runtime.Serialization;
using System.Text;
using Actors.Messages.Jobs;
using Akka.Actor;
using Akka.Remote.Serialization;
using Akka.Serialization;

namespace Actors.Remoting.Serialization;

/// <summary>
/// Replaces the serializer of small messages of the framework, and accepts only the messages that these programs use. The framework creates
/// any exception type that a peer names for a failure; here, a failure is sent as its text. Messages that would stop actors of a peer are
/// refused.
/// </summary>
public sealed class SmallMessagesSerializer : SerializerWithStringManifest
{
    private const string Failure = "failure";

    /// <summary>The manifests of Identify, its answer, the heartbeats of death watch, their answer, and success.</summary>
    private static readonly string[] Allowed = ["ID", "AID", "RWHB", "RWHR", "STS"];

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
        RequireAllowed(_inner.Manifest(obj));
        return _inner.ToBinary(obj);
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (manifest == Failure)
            return new Status.Failure(new RemoteFailureException(Encoding.UTF8.GetString(bytes)));
        RequireAllowed(manifest);
        return _inner.FromBinary(bytes, manifest);
    }

    private static void RequireAllowed(string manifest)
    {
        if (!Allowed.Contains(manifest))
            throw new SerializationException($"'{manifest}' is not a small message that is accepted.");
    }
}

/// <summary>The failure of a request to an actor of another process.</summary>
internal sealed class RemoteFailureException(string message) : Exception(message);
