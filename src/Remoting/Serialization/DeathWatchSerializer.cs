using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Serialization;
using Akka.Serialization;
using Akka.Util;

namespace Actors.Remoting.Serialization;

/// <summary>
/// Stands in the place of the framework's serializer of system messages, and takes those of death watch. The others are for actors that a peer has deployed,
/// which there are none of; they would end any actor, and make whatever type of exception a peer names.
/// </summary>
public sealed class DeathWatchSerializer : SerializerWithStringManifest
{
    private static readonly Dictionary<string, Type> Allowed =
        new[] { typeof(Watch), typeof(Unwatch), typeof(DeathWatchNotification) }.ToDictionary(type => type.TypeQualifiedName());

    private readonly SystemMessageSerializer _inner;

    /// <summary>Made by the actor system.</summary>
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
        : throw new SerializationException($"'{manifest}' is none of the system messages that travel.");
}
