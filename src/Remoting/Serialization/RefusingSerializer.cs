using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Actors.Remoting.Serialization;

/// <summary>
/// Replaces the JSON serializer of the framework, which creates any type that a peer names, and refuses in both directions. It does not
/// even look for the named type.
/// </summary>
public class RefusingSerializer : SerializerWithStringManifest
{
    /// <summary>Called by the actor system.</summary>
    public RefusingSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <summary>Called by the actor system, with the settings of the serializer, which has none.</summary>
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
        throw new SerializationException($"{obj.GetType().FullName} is not a contract.");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) =>
        throw new SerializationException("A peer sent a message that is not a contract.");
}

/// <summary>
/// Replaces the serializer of remote deployment, which creates any actor that a peer describes, and refuses in both directions.
/// </summary>
public sealed class RefusingDaemonSerializer : RefusingSerializer
{
    /// <summary>Called by the actor system.</summary>
    public RefusingDaemonSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <summary>Called by the actor system, with the settings of the serializer, which has none.</summary>
    public RefusingDaemonSerializer(ExtendedActorSystem system, Config settings)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => 3;
}

/// <summary>
/// Replaces the Protobuf serializer of the framework, which creates any type that a peer names before it checks the type, and refuses in
/// both directions.
/// </summary>
public sealed class RefusingProtobufSerializer : RefusingSerializer
{
    /// <summary>Called by the actor system.</summary>
    public RefusingProtobufSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <summary>Called by the actor system, with the settings of the serializer, which has none.</summary>
    public RefusingProtobufSerializer(ExtendedActorSystem system, Config settings)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => 2;
}
