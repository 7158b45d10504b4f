using System.Runtime.Serialization;
using Actors.Messages;
using Actors.Messages.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using MemoryPack;

namespace Actors.Remoting.Serialization;

/// <summary>
/// The serializer of all messages between actor systems. It serializes the contracts of <c>Actors.Messages</c> with MemoryPack, and nothing
/// else. Remoting drops a message above <c>maximum-frame-size</c> without an error, so the limit is enforced here.
/// </summary>
public sealed class WireSerializer : SerializerWithStringManifest
{
    /// <summary>The number of the serializer on the wire.</summary>
    public const int Id = 1001;

    /// <summary>Called by the actor system.</summary>
    public WireSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <summary>Called by the actor system, with the settings of the serializer, which has none.</summary>
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

    /// <summary>
    /// Serializes a message that is too large. An answer is replaced by a smaller one that reports the limit. The sender of a request
    /// learns of it by <see cref="MessageDiscarded"/>.
    /// </summary>
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

    private static SerializationException NotAContract(string? name) => new($"'{name}' is not a contract.");
}
