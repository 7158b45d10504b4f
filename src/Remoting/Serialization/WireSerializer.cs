using System.Runtime.Serialization;
using Actors.Messages;
using Actors.Messages.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using MemoryPack;

namespace Actors.Remoting.Serialization;

/// <summary>
/// The one serializer between actor systems: the contracts in <c>Actors.Messages</c>, in MemoryPack's generated form, and nothing else. Remoting drops a message
/// above <c>maximum-frame-size</c> without telling anyone, so this is where the limit is enforced.
/// </summary>
public sealed class WireSerializer : SerializerWithStringManifest
{
    /// <summary>Its number on the wire.</summary>
    public const int Id = 1001;

    /// <summary>Made by the actor system.</summary>
    public WireSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <summary>Made by the actor system, with the serializer's own settings, of which it has none.</summary>
    public WireSerializer(ExtendedActorSystem system, Config settings)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => Id;

    /// <inheritdoc/>
    public override string Manifest(object o) => WireManifests.FindManifest(o.GetType()) ?? throw NotAContract(o.GetType().FullName);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        _ = Manifest(obj);
        var bytes = MemoryPackSerializer.Serialize(obj.GetType(), obj);
        return bytes.Length <= WireLimits.LargestMessage || obj is IStoredRecord ? bytes : ToSmallerBinary((IWireMessage)obj, bytes.Length);
    }

    /// <summary>An answer is cut, and says so. The sender of a request learns of it by <see cref="MessageDiscarded"/>.</summary>
    private byte[] ToSmallerBinary(IWireMessage message, int length)
    {
        if (OversizedMessages.CreateReplacement(message, length) is { } smaller
            && MemoryPackSerializer.Serialize(smaller.GetType(), smaller) is { Length: <= WireLimits.LargestMessage } bytes)
            return bytes;
        var discarded = new MessageDiscarded(message, length);
        ((ExtendedActorSystem)system).EventStream.Publish(discarded);
        throw new SerializationException(discarded.Reason);
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        var type = WireManifests.FindType(manifest) ?? throw NotAContract(manifest);
        return PackedBytes.DeserializeContract(type, bytes);
    }

    private static SerializationException NotAContract(string? name) => new($"'{name}' is none of the contracts that travel.");
}
