using Actors.Messages.Jobs;

namespace Actors.WorkerNode.Executors;

internal sealed partial class ExecutorActor
{
    /// <summary>To the node: the process runs the pool's code.</summary>
    public sealed record Started
    {
        public static readonly Started Instance = new();
    }

    /// <summary>To the node, the last word.</summary>
    public sealed record Ended(bool WasReady);

    /// <summary>From the receiving thread: the initializer has run.</summary>
    public sealed record Ready
    {
        public static readonly Ready Instance = new();
    }

    /// <summary>From the receiving thread: the initializer threw.</summary>
    public sealed record InitializerFailed(FailureInfo? Failure);

    private sealed record ProcessStarted(ChildProcess Process);

    private sealed record ProcessNotStarted(Exception Exception);

    private sealed record Connected(AcceptedExecutor Executor);

    private sealed record LinkBroken(Exception Reason);

    private sealed record EndClosed
    {
        public static readonly EndClosed Instance = new();
    }

    private sealed record StartTimedOut
    {
        public static readonly StartTimedOut Instance = new();
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

    private sealed record Recycle
    {
        public static readonly Recycle Instance = new();
    }

    private sealed record CheckMemory
    {
        public static readonly CheckMemory Instance = new();
    }
}
