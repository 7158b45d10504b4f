using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Actors.Remoting.Serialization;

/// <summary>Stands in the place of the framework's JSON serializer, which makes whatever type a peer names, and refuses in both directions.</summary>
public class RefusingSerializer : Serializer
{
    /// <summary>Made by the actor system.</summary>
    public RefusingSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <summary>Made by the actor system, with the serializer's own settings, of which it has none.</summary>
    public RefusingSerializer(ExtendedActorSystem system, Config settings)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => 1;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj.GetType().FullName} is none of the contracts that travel.");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException("A peer sent what is none of the contracts that travel.");
}

/// <summary>Stands in the place of the framework's remote deployment, which makes whatever actor a peer describes, and refuses.</summary>
public sealed class RefusingDaemonSerializer : RefusingSerializer
{
    /// <summary>Made by the actor system.</summary>
    public RefusingDaemonSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <summary>Made by the actor system, with the serializer's own settings, of which it has none.</summary>
    public RefusingDaemonSerializer(ExtendedActorSystem system, Config settings)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => 3;
}
