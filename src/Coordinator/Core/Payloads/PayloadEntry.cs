using Actors.Messages;

namespace Actors.Coordinator.Payloads;

/// <summary>A payload in the coordinator's store.</summary>
/// <param name="owner">Its owner.</param>
/// <param name="from">The executor that uploads it; none for a client.</param>
/// <param name="length">The announced length in bytes.</param>
/// <param name="now">When it was announced.</param>
internal sealed class PayloadEntry(PayloadOwner owner, ExecutorId from, long length, TimeSpan now)
{
    private readonly bool _isFromClient = from == default;

    public PayloadOwner Owner => owner;

    public long Length => length;

    /// <summary>Whether the client uploads it at this time.</summary>
    public bool IsClientUpload => _isFromClient && !IsComplete;

    /// <summary>The payload is removed with this executor; none when it is a client's or is kept.</summary>
    public ExecutorId Executor { get; set; } = from;

    /// <summary>The bytes that have arrived.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>When the last part arrived.</summary>
    public TimeSpan LastChunkAt { get; set; } = now;

    public bool IsComplete { get; set; }
}
