using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Serialization;
using Akka.Serialization;
using Akka.Util;

namespace Actors.Remoting.Serialization;

/// <summary>
/// Replaces the serializer of system messages of the framework, and accepts only the messages of death watch. The other system messages are
/// for actors that a peer has deployed, which do not exist here. They would stop any actor, and create any exception type that a peer
/// names.
/// </summary>
public sealed class DeathWatchSerializer : SerializerWithStringManifest
{
    private static readonly Dictionary<string, Type> Allowed =
        new[] { typeof(Watch), typeof(Unwatch), typeof(DeathWatchNotification) }.ToDictionary(type => type.TypeQualifiedName());

    private readonly SystemMessageSerializer _inner;

    /// <summary>Called by the actor system.</summary>
    public DeathWatchSerializer(ExtendedActorSystem system)
        : base(system) => _inner = new SystemMessageSerializer(system);

    /// <inheritdoc/>
    public override string Manifest(object o) => o.GetType().TypeQualifiedName();

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        _ = FindType(Manifest(obj));
        return _inner.ToBinary(obj);
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => _inner.FromBinary(bytes, FindType(manifest));

    private static Type FindType(string manifest) => Allowed.TryGetValue(manifest, out var type)
        ? type
        : throw new SerializationException($"'{manifest}' is not a system message that is accepted.");
}
