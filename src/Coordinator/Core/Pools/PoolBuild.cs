using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>The pool that runs the jobs of one build of the program in a durable pool.</summary>
/// <param name="pool">That pool, a <see cref="BuildActor"/>.</param>
/// <param name="bundle">The code.</param>
/// <param name="startedAfter">The number of records that were written before it started, with all its jobs in them.</param>
public sealed class PoolBuild(IRecipient pool, BundleId bundle, long startedAfter)
{
    public IRecipient Pool => pool;

    public BundleId Bundle => bundle;

    /// <summary>The number of records that were written before it started.</summary>
    public long StartedAfter => startedAfter;

    /// <summary>The workers that are ready.</summary>
    public Dictionary<ExecutorId, PoolProtocol.WorkerStarted> Workers { get; } = [];

    /// <summary>Whether the pool of the build runs no further jobs.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Whether its executors have ended.</summary>
    public bool HasFinished { get; set; }

    /// <summary>The time since which no session and no job needs the build. Null while one does.</summary>
    public TimeSpan? IdleSince { get; set; }
}
