using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Bundles;

/// <summary>
/// The protocol for transferring user code. The client offers a manifest to the coordinator and uploads the files that it lacks in chunks.
/// A node downloads the manifest and the files that it lacks. Files are identified by their hash.
/// </summary>
public static partial class BundleProtocol
{
    /// <summary>The longest chunk, in bytes.</summary>
    public const int ChunkLength = 256 * 1024;

    /// <summary>
    /// Client to coordinator: offers a bundle. Answered by <see cref="BundleContentsNeeded"/>, <see cref="BundleStored"/> or
    /// <see cref="BundleRefused"/>.
    /// </summary>
    [WireContract("b.offer", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record OfferBundle(BundleManifest Manifest) : IWireMessage;

    /// <summary>Coordinator to client: requests the contents with these hashes.</summary>
    [WireContract("b.needed", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record BundleContentsNeeded(BundleId Bundle, ImmutableArray<BundleId> Contents) : IWireMessage;

    /// <summary>
    /// A chunk of a file. A client's chunk is answered by <see cref="BundleChunkReceived"/>; a coordinator's chunk is the reply to
    /// <see cref="FetchBundleChunk"/>.
    /// </summary>
    [WireContract("b.chunk", PermittedSenders.Client)]
    [MemoryPackable]
    public sealed partial record BundleChunk(BundleId Content, long Offset, ReadOnlyMemory<byte> Bytes, bool IsLast) : IWireMessage;

    /// <summary>Coordinator to client: requests the next chunk.</summary>
    [WireContract("b.taken", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record BundleChunkReceived(BundleId Content, long Next) : IWireMessage;

    /// <summary>Coordinator to client: the bundle is complete.</summary>
    [WireContract("b.stored", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record BundleStored(BundleId Bundle) : IWireMessage;

    /// <summary>The bundle or the content is refused or unknown.</summary>
    [WireContract("b.refused", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record BundleRefused(BundleId Subject, string Reason) : IWireMessage;

    /// <summary>
    /// Node to coordinator: requests a manifest. Answered by <see cref="FetchBundleReply"/>, <see cref="BundlePending"/> or
    /// <see cref="BundleRefused"/>.
    /// </summary>
    /// <param name="Bundle">The bundle.</param>
    /// <param name="IsLocalOnly">Whether not to ask the other coordinators: one of them sent this request.</param>
    [WireContract("b.fetch", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record FetchBundle(BundleId Bundle, bool IsLocalOnly) : IWireMessage;

    /// <summary>Coordinator to node: another coordinator has the bundle and is sending it. Request it again.</summary>
    [WireContract("b.coming", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record BundlePending(BundleId Bundle) : IWireMessage;

    /// <summary>Coordinator to node: the manifest.</summary>
    [WireContract("b.manifest", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record FetchBundleReply(BundleManifest Manifest) : IWireMessage;

    /// <summary>Node to coordinator: requests a chunk. Answered by <see cref="BundleChunk"/> or <see cref="BundleRefused"/>.</summary>
    [WireContract("b.fetchchunk", PermittedSenders.Node)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record FetchBundleChunk(BundleId Content, long Offset) : IWireMessage;
}
