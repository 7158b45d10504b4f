using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Remote.Serialization;

namespace Actors.Remoting.Serialization;

/// <summary>
/// Replaces the serializer of selections of the framework, and refuses selections with patterns. The actor of a coordinator has a random
/// name, and a wildcard would find it.
/// </summary>
public sealed class ExactSelectionSerializer : MessageContainerSerializer
{
    /// <summary>Called by the actor system.</summary>
    public ExactSelectionSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type)
    {
        var message = base.FromBinary(bytes, type);
        return message is ActorSelectionMessage selection && selection.Elements.Any(element => element is not SelectChildName)
            ? throw new SerializationException("A peer selected actors by a pattern of names. The selection was refused.")
            : message;
    }
}
