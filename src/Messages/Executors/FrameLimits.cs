using Actors.Messages.Jobs;

namespace Actors.Messages.Executors;

/// <summary>The longest frame of each kind in bytes, including the kind. Only frames with payloads may be large.</summary>
public static class FrameLimits
{
    /// <summary>Frames with members of fixed length: a job, a caller, a position, an object and a call.</summary>
    private const int Fixed = 64;

    /// <summary>Frames with a list of jobs. A worker holds at most some thousands.</summary>
    private const int Jobs = 1 << 20;

    /// <summary>Frames with the trace of a job, and the name of its function.</summary>
    private const int Trace = 64 << 10;

    /// <summary>Frames with one job and the history of its attempts.</summary>
    private const int History = 16 << 10;

    /// <summary>Frames with a failure.</summary>
    private const int Failure = 4 << 20;

    /// <summary>The largest allocation before any byte of the body has arrived.</summary>
    public const int FirstAllocation = 1 << 20;

    /// <summary>Gets the longest frame of a kind. Frames of unknown kinds must be small.</summary>
    public static int GetLimit(FrameKind kind) => kind switch
    {
        FrameKind.Done or FrameKind.Run or FrameKind.Define or FrameKind.HandshakeReply or FrameKind.ObjectCall or FrameKind.ObjectReply =>
            ExecutorProtocol.MaxFrameLength,
        FrameKind.InitializerFailed => Failure,
        FrameKind.Trace => Trace,
        FrameKind.RunStored => History,
        FrameKind.Progress => ProgressValue.Largest + Fixed,
        FrameKind.Returned or FrameKind.Held => Jobs,
        _ => Fixed,
    };
}
