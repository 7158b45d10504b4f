using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Actors.Remoting.Serialization;

/// <summary>
/// Stands in the place of the framework's JSON serializer, which makes whatever type a peer names, and refuses in both directions. What a peer names is not
/// looked for either.
/// </summary>
public class RefusingSerializer : SerializerWithStringManifest
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
    public override string Manifest(object o) => "";

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj.GetType().FullName} is none of the contracts that travel.");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) =>
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

/// <summary>Stands in the place of the framework's serializer of Protobuf messages, which makes whatever type a peer names before it looks what it is, and refuses.</summary>
public sealed class RefusingProtobufSerializer : RefusingSerializer
{
    /// <summary>Made by the actor system.</summary>
    public RefusingProtobufSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <summary>Made by the actor system, with the serializer's own settings, of which it has none.</summary>
    public RefusingProtobufSerializer(ExtendedActorSystem system, Config settings)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => 2;
}
