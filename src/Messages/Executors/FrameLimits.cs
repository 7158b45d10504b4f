namespace Actors.Messages.Executors;

/// <summary>The most bytes of a frame of each kind, its kind included. Only frames with payloads may be large.</summary>
internal static class FrameLimits
{
    /// <summary>Fixed members: a job, a caller, a position, an object and a call.</summary>
    private const int Fixed = 64;

    /// <summary>A list of jobs: a worker holds some thousands of them at most.</summary>
    private const int Jobs = 1 << 20;

    /// <summary>A failure within its limits, and what its encoding adds.</summary>
    private const int Failure = 4 << 20;

    /// <summary>The most bytes that are allocated before any has arrived.</summary>
    internal const int FirstAllocation = 1 << 20;

    /// <summary>Gets the limit of a kind; that of an unknown kind is small.</summary>
    internal static int GetLimit(FrameKind kind) => kind switch
    {
        FrameKind.Done or FrameKind.Run or FrameKind.Define or FrameKind.HandshakeReply or FrameKind.ObjectCall or FrameKind.ObjectReply => ExecutorProtocol.MaxFrameLength,
        FrameKind.InitializerFailed => Failure,
        FrameKind.Returned or FrameKind.Held => Jobs,
        _ => Fixed,
    };
}
