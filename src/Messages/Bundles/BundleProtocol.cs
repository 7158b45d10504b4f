using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Bundles;

/// <summary>
/// The protocol for transferring user code. Files are identified by their hash, and travel on the data port of the coordinator.
/// <code>
/// OfferBundle (manifest)    ─▶                             FetchBundle (id)  ─▶
///                           ◀─  BundleContentsNeeded                         ◀─  FetchBundleReply (manifest)
/// files, on the data port                                  files, on the data port
/// OfferBundle (manifest)    ─▶
///                           ◀─  BundleStored
/// </code>
/// </summary>
public static partial class BundleProtocol
{
    /// <summary>
    /// Client to coordinator: offers a bundle. Answered by <see cref="BundleContentsNeeded"/>, <see cref="BundleStored"/> or
    /// <see cref="BundleRefused"/>.
    /// </summary>
    [WireContract("b.offer", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record OfferBundle(BundleManifest Manifest) : IWireMessage;

    /// <summary>
    /// Coordinator to client: the sender may upload these contents on the data port, and then offers the bundle again. Without contents,
    /// it offers the bundle again after a pause.
    /// </summary>
    /// <param name="Bundle">The bundle.</param>
    /// <param name="Contents">The hashes of the contents.</param>
    /// <param name="Port">The data port of the coordinator.</param>
    [WireContract("b.needed", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record BundleContentsNeeded(BundleId Bundle, ImmutableArray<BundleId> Contents, int Port) : IWireMessage;

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

    /// <summary>Coordinator to node: the manifest. The node downloads the files that it lacks on the data port.</summary>
    /// <param name="Manifest">The manifest.</param>
    /// <param name="Port">The data port of the coordinator.</param>
    [WireContract("b.manifest", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record FetchBundleReply(BundleManifest Manifest, int Port) : IWireMessage;
}
