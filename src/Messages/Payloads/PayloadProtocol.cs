using MemoryPack;

namespace Actors.Messages.Payloads;

/// <summary>
/// How arguments and results travel that are too large for a message: to the store of the coordinator and from there, a part at a time. Client or node
/// speaks to the pool. No more than <see cref="MaxChunksInFlight"/> parts are under way: so that heartbeats and other jobs, which share the connection, wait behind a quarter
/// of a MiB of each payload at most.
/// <code>
/// Offer (length)          ─▶                       FetchChunk (offset)  ─▶
///                         ◀─  Taken (0)                                 ◀─  Chunk (bytes)
/// Chunk (offset, bytes)   ─▶                         and so on
///                         ◀─  Taken (next)
///   and so on
/// Complete (hash)         ─▶
///                         ◀─  Stored
/// </code>
/// </summary>
public static partial class PayloadProtocol
{
    /// <summary>The longest part, in bytes: what is made of it on its way is small enough for the garbage collector to take it soon (less than 85,000 bytes).</summary>
    public const int ChunkLength = 64 * 1024;

    /// <summary>So many parts are sent, or asked for, before the first of them has arrived.</summary>
    public const int MaxChunksInFlight = 4;

    /// <summary>I have a payload of this length. Answered by <see cref="PayloadChunkReceived"/> or <see cref="PayloadRefused"/>.</summary>
    /// <param name="Payload">Its name from now on; nobody else has it.</param>
    /// <param name="Length">How many bytes it has.</param>
    /// <param name="From">The executor whose result it is; none when it is a client's.</param>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record OfferPayload(PayloadId Payload, long Length, ExecutorId From) : IWireMessage;

    /// <summary>A part. To the coordinator it is answered by <see cref="PayloadChunkReceived"/>; from there it is the answer to <see cref="FetchPayloadChunk"/>.</summary>
    [MemoryPackable]
    public sealed partial record PayloadChunk(PayloadId Payload, long Offset, ReadOnlyMemory<byte> Bytes) : IWireMessage;

    /// <summary>Send the part that begins there, or, after the last one, <see cref="CompletePayload"/>.</summary>
    [MemoryPackable]
    public sealed partial record PayloadChunkReceived(PayloadId Payload, long Next) : IWireMessage;

    /// <summary>That was all, and this is its hash. Answered by <see cref="PayloadStored"/> or <see cref="PayloadRefused"/>.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record CompletePayload(PayloadId Payload, PayloadHash Hash) : IWireMessage;

    /// <summary>It is all there: a job or an outcome may refer to it.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PayloadStored(PayloadId Payload) : IWireMessage;

    /// <summary>The payload is not taken, or is not there.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record PayloadRefused(PayloadId Payload, string Reason) : IWireMessage;

    /// <summary>Send the part that begins there. Answered by <see cref="PayloadChunk"/> or <see cref="PayloadRefused"/>.</summary>
    [MemoryPackable]
    public sealed partial record FetchPayloadChunk(PayloadId Payload, long Offset) : IWireMessage;

    /// <summary>I have it, or do not want it: remove it.</summary>
    [MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
    public sealed partial record ReleasePayload(PayloadId Payload) : IWireMessage;
}
