using Actors.Messages;
using Actors.Remoting;

namespace Actors.Coordinator.Payloads;

/// <summary>A payload in the coordinator's store.</summary>
/// <param name="owner">The owner.</param>
/// <param name="from">The executor that uploads the payload. None for a client.</param>
/// <param name="uploader">The address that uploads it.</param>
/// <param name="length">The announced length in bytes.</param>
/// <param name="now">When it was announced.</param>
public sealed class PayloadEntry(PayloadOwner owner, ExecutorId from, HostPort uploader, long length, TimeSpan now)
{
    private readonly bool _isFromClient = from == default;

    public PayloadOwner Owner => owner;

    public long Length => length;

    /// <summary>The address of the program that uploads the payload.</summary>
    public HostPort Uploader => uploader;

    /// <summary>Whether an executor uploaded the payload, as the result of a job.</summary>
    public bool IsResult => !_isFromClient;

    /// <summary>Whether a client is uploading the payload.</summary>
    public bool IsClientUpload => _isFromClient && !IsComplete;

    /// <summary>The executor with which the payload is removed. None if a client uploaded it or it is retained.</summary>
    public ExecutorId Executor { get; set; } = from;

    /// <summary>The number of received bytes.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>When bytes were last seen to arrive.</summary>
    public TimeSpan LastProgressAt { get; set; } = now;

    public bool IsComplete { get; set; }
}
