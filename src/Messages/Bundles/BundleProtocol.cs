using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Bundles;

/// <summary>
/// How a user's code travels: the client offers a manifest to the coordinator and sends the files that it lacks, a chunk at a time; a
/// node fetches the manifest and the files that it lacks. Files are named by their content.
/// </summary>
public static partial class BundleProtocol
{
    /// <summary>The longest chunk, in bytes.</summary>
    public const int ChunkLength = 256 * 1024;

    /// <summary>Client to coordinator: I have this. Answered by <see cref="BundleContentsNeeded"/>, <see cref="BundleStored"/> or <see cref="BundleRefused"/>.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record OfferBundle(BundleManifest Manifest) : IWireMessage;

    /// <summary>Coordinator to client: send the contents with these hashes.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record BundleContentsNeeded(BundleId Bundle, ImmutableArray<BundleId> Contents) : IWireMessage;

    /// <summary>A part of a file. Client to coordinator it is answered by <see cref="BundleChunkReceived"/>; coordinator to node it is the answer to <see cref="FetchBundleChunk"/>.</summary>
    [MemoryPackable]
    public sealed partial record BundleChunk(BundleId Content, long Offset, ReadOnlyMemory<byte> Bytes, bool IsLast) : IWireMessage;

    /// <summary>Coordinator to client: send the next part.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record BundleChunkReceived(BundleId Content, long Next) : IWireMessage;

    /// <summary>Coordinator to client: all of it is here.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record BundleStored(BundleId Bundle) : IWireMessage;

    /// <summary>The bundle or the content is not taken, or not here.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record BundleRefused(BundleId Subject, string Reason) : IWireMessage;

    /// <summary>Node to coordinator: what is in it? Answered by <see cref="FetchBundleReply"/>, <see cref="BundlePending"/> or <see cref="BundleRefused"/>.</summary>
    /// <param name="Bundle">Which.</param>
    /// <param name="IsLocalOnly">Do not ask the other coordinators for it: one of them is asking.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record FetchBundle(BundleId Bundle, bool IsLocalOnly) : IWireMessage;

    /// <summary>Coordinator to node: another coordinator has it and is sending it here; ask again.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record BundlePending(BundleId Bundle) : IWireMessage;

    /// <summary>Coordinator to node: this.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record FetchBundleReply(BundleManifest Manifest) : IWireMessage;

    /// <summary>Node to coordinator: send this part. Answered by <see cref="BundleChunk"/> or <see cref="BundleRefused"/>.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record FetchBundleChunk(BundleId Content, long Offset) : IWireMessage;
}
