using Actors.Coordinator.Pools;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;

namespace Actors.Simulation.Tests.Kernel;

/// <summary>
/// A bug that a simulation contains on purpose, to show that its checks can fail. Only the glue of the simulation knows them: it reorders,
/// repeats or drops decisions of the real state classes.
/// </summary>
internal enum PlantedBug
{
    None,

    /// <summary>A job is granted to two workers.</summary>
    GrantJobTwice,

    /// <summary>The pool forgets to record an outcome as its only one: an outcome of a removed worker is accepted.</summary>
    AcceptAnyOutcome,

    /// <summary>A worker returns revoked jobs, and runs them nevertheless.</summary>
    KeepReturnedJobs,

    /// <summary>A worker ignores comparisons.</summary>
    IgnoreComparison,

    /// <summary>A worker reports its start once, although both messages may be lost.</summary>
    ReportStartOnce,

    /// <summary>A worker runs jobs that arrive a second time.</summary>
    RunDuplicatedJobs,

    /// <summary>A client sends started at-most-once jobs again after the loss of their coordinator.</summary>
    ResubmitAtMostOnce,

    /// <summary>The pool is not told of the loss of a node.</summary>
    KeepWorkersOfLostNode,

    /// <summary>A pool that waits for its last workers is not told of the loss of their node.</summary>
    ForgetReleasedPool,

    /// <summary>A pool closes although a submission before the request was lost.</summary>
    CloseBeforeSubmission,

    /// <summary>A durable pool confirms jobs before they are written.</summary>
    AcknowledgeBeforeWrite,

    /// <summary>A durable pool reports outcomes before they are written.</summary>
    ReportBeforeWrite,

    /// <summary>An at-most-once job of a durable pool begins before that is written.</summary>
    BeginBeforeWrite,

    /// <summary>The store confirms records that a crash loses.</summary>
    WriteWithoutSync,

    /// <summary>The store does not refuse the write of an earlier owner: its number is used twice.</summary>
    AcceptStaleWriter,

    /// <summary>A removed node stays joined under its old id.</summary>
    RejoinRemovedNode,

    /// <summary>Cancellations are not forwarded to the worker that runs the job.</summary>
    DropCancellation,

    /// <summary>The last outcome of a batch is dropped.</summary>
    DropLastOutcome,

    /// <summary>A worker that has run as many jobs as allowed is not told to end.</summary>
    DropRetirement,

    /// <summary>A durable pool forgets the ranges of ids that it has assigned when it moves.</summary>
    ForgetSessions,

    /// <summary>A durable pool forgets an outcome when the first of several clients has acknowledged it.</summary>
    ForgetAfterFirstAck,

    /// <summary>A durable pool reports an outcome only to the client that has submitted the job.</summary>
    TellSubmitterOnly,

    /// <summary>A durable pool accepts a job whose key names another one.</summary>
    IgnoreKeys,

    /// <summary>The jobs of each build run in workers of the old build.</summary>
    RunInOldBuild,

    /// <summary>A named job keeps the function of its submitter when it runs with another build.</summary>
    MoveWithOldFunction,

    /// <summary>A client acknowledges every outcome when its jobs have ended, although no code has received it.</summary>
    AcknowledgeAtEnd,

    /// <summary>A lock is granted although another caller holds it.</summary>
    GrantLockTwice,

    /// <summary>A managed value or dictionary answers with an earlier value.</summary>
    ReadStaleValue,

    /// <summary>The next holder after the death of one receives its fencing token.</summary>
    ReuseToken,

    /// <summary>A queue delivers an item again although its receipt was confirmed.</summary>
    RedeliverItem,

    /// <summary>The death of a caller does not free its locks, permits and items.</summary>
    KeepDeadCallers,

    /// <summary>A notification of a condition wakes nobody.</summary>
    LoseNotification,

    /// <summary>An acknowledged item returns to its queue.</summary>
    ReturnAcknowledged,

    /// <summary>A list that is read at an index returns the next item.</summary>
    ReadNextItem,

    /// <summary>An event that is cleared stays set.</summary>
    KeepEventSet,

    /// <summary>A durable queue answers before the change is written.</summary>
    AnswerBeforeWrite,
}

/// <summary>Applies planted bugs to the effects of a pool.</summary>
internal static class PlantedBugs
{
    public static IEnumerable<PoolEffect> Mutate(this PlantedBug bug, IReadOnlyList<PoolEffect> effects) => bug switch
    {
        // The next comparison repairs a single lost request, so it is dropped there too.
        PlantedBug.DropCancellation => effects.Where(effect => effect is not PoolEffect.SendCancellation).Select(
            effect => effect is PoolEffect.SendComparison compare ? compare with { Canceled = [] } : effect),
        PlantedBug.DropRetirement => effects.Where(effect => effect is not PoolEffect.SendRetirement).Select(
            effect => effect is PoolEffect.SendComparison compare
                ? compare with { State = compare.State & ~NodeProtocol.ExpectedExecutorState.IsRetiring }
                : effect),
        PlantedBug.DropLastOutcome => effects.Select(DropLast),
        _ => effects,
    };

    /// <summary>Whether only durable pools contain the bug.</summary>
    public static bool IsDurable(this PlantedBug bug) => bug is PlantedBug.AcknowledgeBeforeWrite or PlantedBug.ReportBeforeWrite
        or PlantedBug.BeginBeforeWrite or PlantedBug.WriteWithoutSync or PlantedBug.AcceptStaleWriter
        or (>= PlantedBug.ForgetSessions and <= PlantedBug.AcknowledgeAtEnd);

    /// <summary>Whether managed objects contain the bug.</summary>
    public static bool IsInObjects(this PlantedBug bug) => bug is >= PlantedBug.GrantLockTwice and <= PlantedBug.KeepEventSet;

    /// <summary>Whether durable queues contain the bug.</summary>
    public static bool IsInQueues(this PlantedBug bug) => bug is PlantedBug.AnswerBeforeWrite;

    private static PoolEffect DropLast(PoolEffect effect) =>
        effect is PoolEffect.SendOutcomes { Outcomes: [.., { Status: JobStatus.Succeeded }] outcomes }
            ? new PoolEffect.SendOutcomes(outcomes.RemoveAt(outcomes.Length - 1))
            : effect;
}
