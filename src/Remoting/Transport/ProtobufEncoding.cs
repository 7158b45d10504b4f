namespace Actors.Remoting.Transport;

/// <summary>The encoding of a field of a Protobuf message (its wire type), with the numbers of Protobuf.</summary>
public enum ProtobufEncoding
{
    /// <summary>A number of variable length.</summary>
    Varint = 0,

    /// <summary>A number of eight bytes.</summary>
    Fixed64 = 1,

    /// <summary>A message, a text or bytes, after their length.</summary>
    Bytes = 2,

    /// <summary>A number of four bytes.</summary>
    Fixed32 = 5,
}
