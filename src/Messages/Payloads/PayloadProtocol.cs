using MemoryPack;

namespace Actors.Messages.Payloads;

/// <summary>
/// The protocol for large arguments and results, which travel through the coordinator's store. Client or node sends to the pool. The bytes
/// travel on the data port of the coordinator, so that heartbeats and other jobs never wait behind them.
/// <code>
/// OfferPayload (length)   ─▶                        FetchPayload   ─▶
///                         ◀─  PayloadReady (port)                  ◀─  PayloadReady (port)
/// bytes, on the data port                           bytes, on the data port
/// CompletePayload (hash)  ─▶                        ReleasePayload ─▶
///                         ◀─  PayloadStored
/// </code>
/// </summary>
public static partial class PayloadProtocol
{
    /// <summary>Offers a payload. Answered by <see cref="PayloadReady"/> or <see cref="PayloadRefused"/>.</summary>
    /// <param name="Payload">The random id of the payload.</param>
    /// <param name="Length">The length in bytes.</param>
    /// <param name="From">The worker whose result it is; none for a client's payload.</param>
    [WireContract("l.offer", PermittedSenders.Both)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record OfferPayload(PayloadId Payload, long Length, ExecutorId From) : IWireMessage;

    /// <summary>Requests access to a payload. Answered by <see cref="PayloadReady"/> or <see cref="PayloadRefused"/>.</summary>
    /// <param name="Payload">The id of the payload.</param>
    [WireContract("l.fetch", PermittedSenders.Both)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record FetchPayload(PayloadId Payload) : IWireMessage;

    /// <summary>The sender may transfer the payload on the data port.</summary>
    /// <param name="Payload">The id of the payload.</param>
    /// <param name="Port">The data port of the coordinator.</param>
    [WireContract("l.ready", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PayloadReady(PayloadId Payload, int Port) : IWireMessage;

    /// <summary>Ends an upload with its hash. Answered by <see cref="PayloadStored"/> or <see cref="PayloadRefused"/>.</summary>
    [WireContract("l.complete", PermittedSenders.Both)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CompletePayload(PayloadId Payload, PayloadHash Hash) : IWireMessage;

    /// <summary>The payload is complete. Jobs and outcomes may refer to it.</summary>
    [WireContract("l.stored", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PayloadStored(PayloadId Payload) : IWireMessage;

    /// <summary>The payload is refused or unknown.</summary>
    [WireContract("l.refused", PermittedSenders.Coordinator)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PayloadRefused(PayloadId Payload, string Reason) : IWireMessage;

    /// <summary>Removes a payload that was received or is not needed.</summary>
    [WireContract("l.release", PermittedSenders.Both)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ReleasePayload(PayloadId Payload) : IWireMessage;

    /// <summary>
    /// Removes a shared value. The client sends it to the pool, and the pool to all its executors, which remove their copies. Jobs that
    /// begin afterwards cannot use the value.
    /// </summary>
    [WireContract("l.dropshared", PermittedSenders.Client)]
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record DropShared(PayloadId Payload) : IWireMessage;
}
