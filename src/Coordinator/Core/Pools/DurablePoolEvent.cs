namespace Actors.Coordinator.Pools;

/// <summary>A change of a durable pool that operators should know, published on the event stream.</summary>
/// <param name="Pool">The name of the pool, which is not longer than permitted.</param>
public abstract record DurablePoolEvent(string Pool)
{
    /// <summary>The pool is read from the store.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Jobs">The number of jobs so far.</param>
    public sealed record Loading(string Pool, long Jobs) : DurablePoolEvent(Pool);

    /// <summary>The pool is loaded, and runs its jobs here.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Pending">The number of jobs without an outcome.</param>
    /// <param name="Retained">The number of retained results.</param>
    public sealed record Started(string Pool, long Pending, long Retained) : DurablePoolEvent(Pool);

    /// <summary>The store has failed, or another coordinator runs the pool.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Reason">The reason.</param>
    /// <param name="Refused">The number of outcomes that were not written.</param>
    public sealed record Interrupted(string Pool, string Reason, int Refused) : DurablePoolEvent(Pool);

    /// <summary>The coordinator stops with unwritten outcomes.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Refused">The number of outcomes that were not written.</param>
    public sealed record Stopped(string Pool, int Refused) : DurablePoolEvent(Pool);

    /// <summary>Outcomes arrived too late to be written.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Refused">The number of outcomes.</param>
    public sealed record OutcomesRefused(string Pool, long Refused) : DurablePoolEvent(Pool);

    /// <summary>The workers of a build could not start.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Reason">The reason.</param>
    public sealed record BuildFailed(string Pool, string Reason) : DurablePoolEvent(Pool);

    /// <summary>No further jobs start, because too many results are retained.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Bytes">The memory of the results.</param>
    public sealed record Paused(string Pool, long Bytes) : DurablePoolEvent(Pool);

    /// <summary>The jobs of a paused pool start again.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Bytes">The memory of the retained results.</param>
    public sealed record Resumed(string Pool, long Bytes) : DurablePoolEvent(Pool);

    /// <summary>Jobs wait for a build that knows their name.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Jobs">The number of jobs.</param>
    /// <param name="Job">The name of the jobs.</param>
    public sealed record WaitingForBuild(string Pool, int Jobs, string Job) : DurablePoolEvent(Pool);

    /// <summary>Replaced records could not be removed from the store.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Reason">The reason.</param>
    public sealed record NotCompacted(string Pool, string Reason) : DurablePoolEvent(Pool);

    /// <summary>The pool was closed by its name.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Pending">The number of jobs without an outcome.</param>
    public sealed record Closed(string Pool, long Pending) : DurablePoolEvent(Pool);

    /// <summary>The pool has nothing to do, and is unloaded until a program uses it.</summary>
    /// <param name="Pool">The pool.</param>
    /// <param name="Retained">The number of retained results.</param>
    public sealed record Unloaded(string Pool, long Retained) : DurablePoolEvent(Pool);

    /// <summary>The closed pool has ended, and its records are deleted.</summary>
    /// <param name="Pool">The pool.</param>
    public sealed record Deleted(string Pool) : DurablePoolEvent(Pool);
}
