using System.Buffers;

namespace Actors.Remoting.Transport;

/// <summary>
/// The actors and serializers that a peer of each role may use. Everything else is refused: remote deployment (<c>/remote</c>), the actors
/// of the framework, and helpers of the coordinator. <c>docs/internals/security.md</c> describes which messages the actors accept.
/// </summary>
public static class ReachableActors
{
    /// <summary>The number of hexadecimal digits in a random name or the id of a durable pool or object.</summary>
    private const int IdDigits = 32;

    /// <summary>The number of hexadecimal digits in a name that is made from the key.</summary>
    private const int KeyDigits = 64;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>
    /// The serializers of the framework that only coordinators may use: cluster membership, distributed data (two), sharding, singletons,
    /// byte arrays and primitives.
    /// </summary>
    private static readonly int[] SerializersOfCoordinators = [5, 11, 12, 13, 14, 4, 17];

    /// <summary>Whether a peer may send contents of this serializer of the framework.</summary>
    public static bool AllowsSerializer(LinkRole peer, int serializer) =>
        peer == LinkRole.Coordinator && SerializersOfCoordinators.AsSpan().Contains(serializer);

    /// <summary>Whether a peer may send to an actor.</summary>
    /// <param name="self">The role of this program.</param>
    /// <param name="peer">The role of the peer.</param>
    /// <param name="path">The path, without an address. It consists of names (<see cref="ActorNames"/>).</param>
    public static bool AllowsPath(LinkRole self, LinkRole peer, ReadOnlySpan<byte> path)
    {
        if (path.StartsWith("/system/"u8))
            return AllowsSystem(peer, path);
        if (peer == LinkRole.Coordinator)
            return path.StartsWith("/user/"u8) || path.StartsWith("/temp/"u8);
        // The gateway and the actors of the coordinator, which check the sender of each message.
        return self == LinkRole.Coordinator && TakeName(ref path).SequenceEqual("user"u8)
            && HasName(TakeName(ref path), "coordinator"u8, IdDigits);
    }

    private static bool AllowsSystem(LinkRole peer, ReadOnlySpan<byte> path)
    {
        if (path.SequenceEqual("/system/remote-watcher"u8))
            return true;
        if (path.StartsWith("/system/cluster/"u8) || path.StartsWith("/system/ddataReplicator"u8))
            return peer == LinkRole.Coordinator;
        return path.StartsWith("/system/sharding"u8) && (peer == LinkRole.Coordinator || IsEntity(path));
    }

    /// <summary>
    /// Whether a path is that of a durable pool or object, or below: <c>/system/sharding-NAME/TYPE/SHARD/ID</c>. The other actors there
    /// belong to the framework.
    /// </summary>
    private static bool IsEntity(ReadOnlySpan<byte> path)
    {
        TakeName(ref path);
        if (!HasName(TakeName(ref path), "sharding"u8, KeyDigits))
            return false;
        var type = TakeName(ref path);
        TakeName(ref path);
        return (type.SequenceEqual("durable-pools"u8) || type.SequenceEqual("durable-objects"u8)) && IsHex(TakeName(ref path), IdDigits);
    }

    /// <summary>Whether a name is a plain one, or that with random or secret digits after it.</summary>
    private static bool HasName(ReadOnlySpan<byte> name, ReadOnlySpan<byte> plain, int digits) => name.StartsWith(plain)
        && (name.Length == plain.Length || (name[plain.Length] == (byte)'-' && IsHex(name[(plain.Length + 1)..], digits)));

    private static bool IsHex(ReadOnlySpan<byte> text, int digits) =>
        text.Length == digits && text.IndexOfAnyExcept(HexDigits) < 0;

    /// <summary>Takes the first name off a path.</summary>
    /// <param name="path">The path; empty when there are no more names.</param>
    private static ReadOnlySpan<byte> TakeName(ref ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
            return [];
        var end = path[1..].IndexOf((byte)'/');
        var name = end < 0 ? path[1..] : path.Slice(1, end);
        path = path[(1 + name.Length)..];
        return name;
    }
}
