namespace Actors.Remoting.Transport;

/// <summary>
/// The actors and serializers that a peer of each role may use. Everything else is refused: remote deployment (<c>/remote</c>), the actors
/// of the framework, and helpers of the coordinator. <c>docs/internals/security.md</c> describes which messages the actors accept.
/// </summary>
internal static class ReachableActors
{
    /// <summary>The number of levels of the path of a durable pool or object: <c>/system/sharding-NAME/TYPE/SHARD/ENTITY</c>.</summary>
    private const int EntityLevels = 5;

    /// <summary>The serializers of selections and small messages.</summary>
    private static readonly int[] Serializers = [6, 16];

    /// <summary>
    /// Additional serializers for coordinators: cluster membership, distributed data (two), sharding, singletons, byte arrays and
    /// primitives.
    /// </summary>
    private static readonly int[] SerializersOfCoordinators = [.. Serializers, 5, 11, 12, 13, 14, 4, 17];

    /// <summary>Whether a peer may send contents of this serializer of the framework.</summary>
    public static bool AllowsSerializer(LinkRole peer, int serializer) =>
        (peer == LinkRole.Coordinator ? SerializersOfCoordinators : Serializers).AsSpan().Contains(serializer);

    /// <summary>Whether a peer may send to an actor.</summary>
    /// <param name="self">The role of this program.</param>
    /// <param name="peer">The role of the peer.</param>
    /// <param name="path">The path, without an address.</param>
    public static bool AllowsPath(LinkRole self, LinkRole peer, ReadOnlySpan<byte> path)
    {
        if (path.StartsWith("/system/"u8))
            return AllowsSystem(peer, path);
        if (peer == LinkRole.Coordinator)
            return path.StartsWith("/user/"u8) || path.StartsWith("/temp/"u8);
        // The gateway and the actors of the coordinator, which check the sender of each message.
        return self == LinkRole.Coordinator && path.StartsWith("/user/coordinator"u8);
    }

    private static bool AllowsSystem(LinkRole peer, ReadOnlySpan<byte> path)
    {
        if (path.SequenceEqual("/system/remote-watcher"u8))
            return true;
        if (path.StartsWith("/system/cluster/"u8))
            return peer == LinkRole.Coordinator;
        if (path.StartsWith("/system/sharding"u8))
            return peer == LinkRole.Coordinator || path.Count((byte)'/') >= EntityLevels;
        return peer == LinkRole.Coordinator && path.StartsWith("/system/ddataReplicator"u8);
    }
}
