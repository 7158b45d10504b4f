using System.Runtime.Serialization;
using System.Text;
using Actors.Messages.Jobs;
using Akka.Actor;
using Akka.Remote.Serialization;
using Akka.Serialization;

namespace Actors.Remoting.Serialization;

/// <summary>
/// Stands in the place of the framework's serializer of small messages, and takes of them what these programs say to each other. For a failure the framework
/// makes whatever type a peer names; here it travels as its text alone. What would end another's actors, and all the rest, is refused.
/// </summary>
public sealed class SmallMessagesSerializer : SerializerWithStringManifest
{
    private const string Failure = "failure";

    /// <summary>Identify, its answer, the heartbeats of death watch and their answer, success: as the framework names them.</summary>
    private static readonly string[] Allowed = ["ID", "AID", "RWHB", "RWHR", "STS"];

    private readonly MiscMessageSerializer _inner;

    /// <summary>Made by the actor system.</summary>
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
            throw new SerializationException($"'{manifest}' is none of the small messages that travel.");
    }
}

/// <summary>What was asked of an actor of another process failed there.</summary>
internal sealed class RemoteFailureException(string message) : Exception(message);
