using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Actors.Messages.Objects.Kinds;

/// <summary>On any kind, without a reply: the caller's process has a proxy of the object.</summary>
public readonly record struct ObjectHold : IObjectRequest<ObjectHold>
{
    public static ObjectOperation Operation => ObjectOperation.Hold;
}

/// <summary>On any kind, without a reply: the caller's process no longer has a proxy of the object.</summary>
public readonly record struct ObjectDrop : IObjectRequest<ObjectDrop>
{
    public static ObjectOperation Operation => ObjectOperation.Drop;
}

/// <summary>On any kind, without a reply: a value with proxies is stored in the object.</summary>
/// <param name="Objects">The objects of the proxies.</param>
public readonly record struct ObjectContain(ImmutableArray<ObjectId> Objects) : IObjectRequest<ObjectContain>
{
    public static ObjectOperation Operation => ObjectOperation.Contain;

    public static CallContent ToContent(ObjectContain request) =>
        new([request.Objects.SelectMany(id => id.Value.ToByteArray()).ToArray()]);

    public static ObjectContain? FromCall(ObjectCall call) =>
        new([.. call.Payloads.SelectMany(ReadGuids).Select(id => new ObjectId(id))]);

    private static Guid[] ReadGuids(ReadOnlyMemory<byte> payload) => MemoryMarshal.Cast<byte, Guid>(payload.Span).ToArray();
}
