using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Remote.Serialization;

namespace Actors.Remoting.Serialization;

/// <summary>
/// Stands in the place of the framework's serializer of selections, and refuses those that name no actor but a pattern of names: a coordinator is
/// behind a name that nobody can guess, and nobody shall find it with a star.
/// </summary>
public sealed class ExactSelectionSerializer : MessageContainerSerializer
{
    /// <summary>Made by the actor system.</summary>
    public ExactSelectionSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type)
    {
        var message = base.FromBinary(bytes, type);
        return message is ActorSelectionMessage selection && selection.Elements.Any(element => element is not SelectChildName)
            ? throw new SerializationException("A peer selected actors by a pattern of names, which is refused.")
            : message;
    }
}
