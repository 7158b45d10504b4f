using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;

namespace Actors.WorkerNode.Executors;

public sealed partial class ExecutorActor
{
    /// <summary>Sent to the parent: the process runs the code of the pool.</summary>
    public sealed record ProcessReady
    {
        public static readonly ProcessReady Instance = new();
    }

    /// <summary>Sent to the parent at the end: the process has ended.</summary>
    /// <param name="WasReady">Whether it has run the code of the pool.</param>
    /// <param name="Reason">The reason of the end.</param>
    public sealed record ProcessEnded(bool WasReady, ExecutorExitReason Reason);

    /// <summary>Sent by the parent: the node drains.</summary>
    public sealed record DrainDue
    {
        public static readonly DrainDue Instance = new();
    }

    /// <summary>Sent by the receiving thread: the initializer has completed.</summary>
    public sealed record InitializerSucceeded
    {
        public static readonly InitializerSucceeded Instance = new();
    }

    /// <summary>Sent by the receiving thread: the initializer threw an exception.</summary>
    public sealed record InitializerFailed(FailureInfo? Failure);

    /// <summary>Sent by the receiving thread: the jobs that the process holds.</summary>
    public sealed record HeldByProcess(long Last, ImmutableArray<JobId> Jobs);

    /// <summary>Sent by the receiving thread: a job has succeeded, and its result is in its file.</summary>
    public sealed record ResultInFile(JobId Job, long BusyMicroseconds);

    /// <summary>Sent by the receiving thread: asks whether the coordinator has handled the messages so far.</summary>
    public sealed record WindowMarker(long Number);

    private sealed record ProcessStarted(ChildProcess Process);

    private sealed record ProcessNotStarted(Exception Exception);

    private sealed record ExecutorConnected(AcceptedExecutor Executor);

    private sealed record LinkBroken(Exception Reason);

    private sealed record EndClosed
    {
        public static readonly EndClosed Instance = new();
    }

    private sealed record StartTimedOut
    {
        public static readonly StartTimedOut Instance = new();
    }

    private sealed record ReportStartDue
    {
        public static readonly ReportStartDue Instance = new();
    }

    private sealed record StopOverdue
    {
        public static readonly StopOverdue Instance = new();
    }

    private sealed record OutputOverdue
    {
        public static readonly OutputOverdue Instance = new();
    }

    private sealed record CheckDeadlines
    {
        public static readonly CheckDeadlines Instance = new();
    }

    private sealed record GraceOver
    {
        public static readonly GraceOver Instance = new();
    }

    private sealed record RecycleDue
    {
        public static readonly RecycleDue Instance = new();
    }

    private sealed record CheckMemory
    {
        public static readonly CheckMemory Instance = new();
    }
}
