namespace Actors.Messages.Executors;

/// <summary>
/// The protocol of a worker node and its worker process on their socket. Every frame is a length, a kind and a body, little-endian.
/// Frames are encoded by hand: the first use of a general serializer would take a fresh process longer than its start, and arguments
/// and results are not copied.
/// <code>
/// worker                           node
///   Handshake (token, pid)     ─▶
///                              ◀─  HandshakeReply (progress file, initializer)
///   Ready | InitializerFailed  ─▶
///                              ◀─  Define (number, function)   before its first use
///                              ◀─  Trace (job, trace, function)     before its job, if that is traced
///                              ◀─  Run (jobs)
///                              ◀─  RunStored (job)                  the arguments are in a file
///   Done (outcomes)            ─▶
///   DoneStored (job)           ─▶                             the result is in a file
///   Progress (job, value)      ─▶                             at most ten times a second, and before Done
///                              ◀─  Revoke | Cancel (job, reason) | Stop
///   Returned (jobs)            ─▶
///                              ◀─  Compare (position)
///   Held (position, jobs)      ─▶                             the jobs of the process that have not ended
///   ObjectCall                 ─▶
///                              ◀─  ObjectReply
///   Caller (number)           ◀─▶                             the next frame belongs to a process that the worker started
///   CallerEnded (number)       ─▶
///   ReceiptsPending            ─▶                             the progress file has receipts
/// </code>
/// </summary>
public static class ExecutorProtocol
{
    /// <summary>The version of the protocol, which must be equal at both ends. The worker has the version of the client.</summary>
    public const int Version = 7;

    /// <summary>In a <see cref="FrameKind.Cancel"/>: the running job, and each that begins later.</summary>
    public const long AllJobs = 0;

    /// <summary>The largest arguments or result of a frame in bytes: 1 GiB.</summary>
    public const int LargestPayload = 1 << 30;

    /// <summary>The longest frame in bytes: a payload, a function and addresses.</summary>
    public const int MaxFrameLength = LargestPayload + (1 << 20);

    /// <summary>The length of the one-time token that a worker presents, in bytes.</summary>
    public const int TokenLength = 32;

    /// <summary>Environment variable: the path of the node's socket. Removed before user code runs.</summary>
    public const string SocketVariable = "ACTORS_EXECUTOR_SOCKET";
}

/// <summary>The kinds of frames.</summary>
public enum FrameKind : byte
{
    Handshake = 1,
    HandshakeReply = 2,
    Ready = 3,
    InitializerFailed = 4,
    Define = 5,
    Run = 6,
    Done = 7,
    Revoke = 8,
    Returned = 9,
    Cancel = 10,
    Stop = 11,
    ObjectCall = 12,
    ObjectReply = 13,
    ObjectReplyReceived = 14,
    ObjectCallAbandoned = 15,
    ReceiptsPending = 16,

    /// <summary>The next frame concerns a managed object and belongs to a process that the worker started.</summary>
    Caller = 17,
    CallerEnded = 18,

    /// <summary>One job whose arguments are in the file of <see cref="PayloadPaths.GetArgumentsPath"/>.</summary>
    RunStored = 19,

    /// <summary>One job has succeeded; its result is in the file of <see cref="PayloadPaths.GetResultPath"/>.</summary>
    DoneStored = 20,

    /// <summary>Requests the jobs of the process. The body is returned with <see cref="Held"/>.</summary>
    Compare = 21,

    /// <summary>The running job and those that have not begun.</summary>
    Held = 22,

    /// <summary>The trace context of a job in a following <see cref="Run"/> or <see cref="RunStored"/>.</summary>
    Trace = 23,

    /// <summary>A value that the running job has reported to an <see cref="IProgress{T}"/> of its call.</summary>
    Progress = 24,

    /// <summary>A shared value was removed. The process forgets it.</summary>
    DropShared = 25,
}
