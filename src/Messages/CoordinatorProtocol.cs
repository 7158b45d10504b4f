using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages;

/// <summary>
/// The first messages between a coordinator and its peers. The transport has authenticated both before; these compare versions.
/// <code>
/// Hello   ─▶
///         ◀─  Welcome
/// </code>
/// </summary>
public static partial class CoordinatorProtocol
{
    /// <summary>The version of all contracts of this program. A program understands later versions that only add to its own.</summary>
    public static int Version => 10;

    /// <summary>
    /// The oldest version that this program understands. Peers of older versions are refused, because they compute other hashes of large
    /// values.
    /// </summary>
    public static int OldestVersion => 10;

    /// <summary>Asks a coordinator's gateway for the coordinator. The answer is <see cref="HandshakeReply"/>.</summary>
    /// <param name="Version">The sender's version.</param>
    [WireContract("c.hello", PermittedSenders.All)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record Handshake(int Version) : IWireMessage;

    /// <summary>Introduces the coordinator, which is the sender unless the versions differ.</summary>
    /// <param name="Version">The coordinator's version.</param>
    /// <param name="Owner">Identifies the coordinator while it runs, or all coordinators of its cluster.</param>
    /// <param name="Name">The name of the coordinator's actor; empty when the coordinator does not understand the peer's version.</param>
    /// <param name="Number">The number of the objects that this coordinator owns. It changes at each start.</param>
    /// <param name="Coordinators">HOST:PORT of each coordinator of its cluster that may connect to the peer.</param>
    [WireContract("c.welcome", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record HandshakeReply(
        int Version, string Owner, string Name, uint Number = 0, ImmutableArray<string> Coordinators = default) : IWireMessage;
}
