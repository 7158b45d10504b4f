using MemoryPack;

namespace Actors.Messages.Payloads;

/// <summary>
/// The protocol for large arguments and results, which travel through the coordinator's store in chunks. Client or node sends to the
/// pool. At most <see cref="MaxChunksInFlight"/> chunks of a payload are in flight, so that heartbeats and other jobs on the same
/// connection wait for at most a quarter of a MiB of each payload.
/// <code>
/// OfferPayload (length)          ─▶                          FetchPayloadChunk (offset)  ─▶
///                                ◀─  PayloadChunkReceived (0)                            ◀─  PayloadChunk (bytes)
/// PayloadChunk (offset, bytes)   ─▶                            and so on
///                                ◀─  PayloadChunkReceived (next)
///   and so on
/// CompletePayload (hash)         ─▶
///                                ◀─  PayloadStored
/// </code>
/// </summary>
public static partial class PayloadProtocol
{
    /// <summary>
    /// The longest chunk in bytes. Buffers for it stay below the large object heap of the garbage collector (85,000 bytes).
    /// </summary>
    public const int ChunkLength = 64 * 1024;

    /// <summary>The most chunks that are sent or requested before the first has arrived.</summary>
    public const int MaxChunksInFlight = 4;

    /// <summary>Offers a payload. Answered by <see cref="PayloadChunkReceived"/> or <see cref="PayloadRefused"/>.</summary>
    /// <param name="Payload">The random id of the payload.</param>
    /// <param name="Length">The length in bytes.</param>
    /// <param name="From">The worker whose result it is; none for a client's payload.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record OfferPayload(PayloadId Payload, long Length, ExecutorId From) : IWireMessage;

    /// <summary>
    /// A chunk. The coordinator replies to a chunk with <see cref="PayloadChunkReceived"/>; its own chunk is the reply to
    /// <see cref="FetchPayloadChunk"/>.
    /// </summary>
    [MemoryPackable]
    public sealed partial record PayloadChunk(PayloadId Payload, long Offset, ReadOnlyMemory<byte> Bytes) : IWireMessage;

    /// <summary>Requests the chunk at an offset, or <see cref="CompletePayload"/> after the last one.</summary>
    [MemoryPackable]
    public sealed partial record PayloadChunkReceived(PayloadId Payload, long Next) : IWireMessage;

    /// <summary>Ends the payload with its hash. Answered by <see cref="PayloadStored"/> or <see cref="PayloadRefused"/>.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CompletePayload(PayloadId Payload, PayloadHash Hash) : IWireMessage;

    /// <summary>The payload is complete. Jobs and outcomes may refer to it.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PayloadStored(PayloadId Payload) : IWireMessage;

    /// <summary>The payload is refused or unknown.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PayloadRefused(PayloadId Payload, string Reason) : IWireMessage;

    /// <summary>Requests the chunk at an offset. Answered by <see cref="PayloadChunk"/> or <see cref="PayloadRefused"/>.</summary>
    [MemoryPackable]
    public sealed partial record FetchPayloadChunk(PayloadId Payload, long Offset) : IWireMessage;

    /// <summary>Removes a payload that was received or is not needed.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ReleasePayload(PayloadId Payload) : IWireMessage;
}
