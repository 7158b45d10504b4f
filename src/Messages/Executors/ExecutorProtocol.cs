namespace Actors.Messages.Executors;

/// <summary>
/// What a worker node and its executor process say to each other over their socket. Every frame is a length, a kind and a body, all
/// little-endian. The frames are written by hand: the first use of a general serializer would cost a fresh process more than its own
/// start, and arguments and results go by without being copied.
/// <code>
/// executor                         node
///   Hello (token, process id)  ─▶
///                              ◀─  Welcome (progress file, initializer)
///   Ready | InitializerFailed  ─▶
///                              ◀─  Define (number, function)   before its first use
///                              ◀─  Run (jobs)
///                              ◀─  RunStored (job)                  its arguments are in a file
///   Done (outcomes)            ─▶
///   DoneStored (job)           ─▶                             its result is in a file
///                              ◀─  Recall | Cancel (job) | Stop
///   HandedBack (jobs)          ─▶
///                              ◀─  Compare (position)
///   Held (position, jobs)      ─▶                             what the process has, and had not ended when it was asked
///   ObjectCall                 ─▶
///                              ◀─  ObjectReply
///   Caller (number)           ◀─▶                             whose the next frame is: a worker's of the executor's own
///   CallerGone (number)        ─▶
///   ReceiptsWait               ─▶                             what was received is in the progress file
/// </code>
/// </summary>
internal static class ExecutorProtocol
{
    /// <summary>Both ends must agree on it: the executor is of the client's version, the node of its own.</summary>
    public const int Version = 4;

    /// <summary>The most bytes of arguments, or of a result, in a frame: 1 GiB.</summary>
    public const int LargestPayload = 1 << 30;

    /// <summary>The most bytes of a frame: a payload, a function and addresses.</summary>
    public const int MaxFrameLength = LargestPayload + (1 << 20);

    /// <summary>The length of the one-time token that an executor presents.</summary>
    public const int TokenLength = 32;

    /// <summary>Environment variable: the path of the node's socket. Removed before user code runs.</summary>
    public const string SocketVariable = "ACTORS_EXECUTOR_SOCKET";
}

/// <summary>The kinds of frames.</summary>
internal enum FrameKind : byte
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

    /// <summary>The next frame, about a managed object, is of or for a caller behind the executor.</summary>
    Caller = 17,
    CallerEnded = 18,

    /// <summary>One job whose arguments are in the file of <see cref="PayloadPaths.GetArgumentsPath"/>.</summary>
    RunStored = 19,

    /// <summary>One job has succeeded; its result is in the file of <see cref="PayloadPaths.GetResultPath"/>.</summary>
    DoneStored = 20,

    /// <summary>Asks what the process holds; the body is sent back with <see cref="Held"/>.</summary>
    Compare = 21,

    /// <summary>The running job and those that have not begun.</summary>
    Held = 22,
}
