using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>The pool that runs the jobs of one build of the program in a durable pool.</summary>
/// <param name="pool">That pool, a <see cref="BuildActor"/>.</param>
/// <param name="bundle">The code.</param>
public sealed class PoolBuild(IRecipient pool, BundleId bundle)
{
    public IRecipient Pool => pool;

    public BundleId Bundle => bundle;

    /// <summary>The workers that are ready.</summary>
    public Dictionary<ExecutorId, PoolProtocol.WorkerStarted> Workers { get; } = [];

    /// <summary>Whether the pool of the build runs no further jobs.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Whether its executors have ended.</summary>
    public bool HasFinished { get; set; }

    /// <summary>The time since which no session and no job needs the build. Null while one does.</summary>
    public TimeSpan? IdleSince { get; set; }
}
