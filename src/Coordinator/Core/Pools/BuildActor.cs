using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Runs the jobs of one build of the program in a durable pool. Its client is the actor of the durable pool, its parent, which writes the
/// attempts and outcomes to the journal.
/// </summary>
public sealed class BuildActor : PoolActor
{
    private readonly Queue<PoolEffect.SendJobs> _unwrittenStarts = new();
    private bool _isPaused;

    /// <param name="open">The id by which nodes know the pool of this build, and its options.</param>
    /// <param name="pool">The actor of the durable pool.</param>
    /// <param name="nodes">The actor that grants executors.</param>
    public BuildActor(PoolProtocol.OpenPool open, IActorRef pool, IActorRef nodes)
        : base(open, pool, nodes, ActorRefs.Nobody)
    {
        Receive<RestoreJobs>(restore => UpdateState(() => State.RestoreJobs(restore.Jobs, Now)));
        Receive<StartsWritten>(_ => base.ApplyEffect(_unwrittenStarts.Dequeue()));
        Receive<PauseJobs>(pause =>
        {
            _isPaused = pause.IsPaused;
            UpdatePause();
        });
    }

    /// <inheritdoc/>
    protected override bool NeedsPause => _isPaused;

    /// <inheritdoc/>
    protected override void ApplyReport(NodeProtocol.IExecutorReport report)
    {
        var before = State.StaleCompletions;
        base.ApplyReport(report);
        if (State.StaleCompletions > before)
            Client.Tell(new CompletionsRefused(State.StaleCompletions - before));
    }

    /// <inheritdoc/>
    protected override void ForwardOutput(NodeProtocol.ExecutorOutput output) =>
        Client.Tell(new JobOutput(
            State.FindRunningJob(output.Executor), new PoolProtocol.WorkerOutput(output.Executor, output.IsError, output.Text)));

    /// <inheritdoc/>
    protected override void ApplyEffect(PoolEffect effect)
    {
        switch (effect)
        {
            case PoolEffect.RecordLostAttempt loss:
                Client.Tell(new AttemptLost(loss.Job, loss.Attempt));
                break;
            case PoolEffect.SendJobs run when run.Jobs.Any(job => job.Policy.IsAtMostOnce):
                _unwrittenStarts.Enqueue(run);
                Client.Tell(new JobsStarting([.. run.Jobs.Where(job => job.Policy.IsAtMostOnce).Select(job => job.Id)]));
                break;
            default:
                base.ApplyEffect(effect);
                break;
        }
    }

    /// <summary>Reports the end, and counts late completions until the durable pool stops this actor.</summary>
    protected override void FinishPool(long dropped) => Client.Tell(new PoolProtocol.PoolFinished(dropped));

    /// <summary>From the durable pool: runs jobs from the store.</summary>
    public sealed record RestoreJobs(ImmutableArray<StoredJob> Jobs);

    /// <summary>From the durable pool: the oldest unanswered <see cref="JobsStarting"/> is written.</summary>
    public sealed record StartsWritten
    {
        public static readonly StartsWritten Instance = new();
    }

    /// <summary>From the durable pool: starts no further jobs, or continues.</summary>
    public sealed record PauseJobs(bool IsPaused);

    /// <summary>To the durable pool: an attempt was lost with its executor.</summary>
    public sealed record AttemptLost(JobId Job, AttemptLoss Attempt);

    /// <summary>To the durable pool: at-most-once jobs start when that is written.</summary>
    public sealed record JobsStarting(ImmutableArray<JobId> Jobs);

    /// <summary>To the durable pool: completions came too late and were refused.</summary>
    public sealed record CompletionsRefused(long Count);

    /// <summary>To the durable pool: output of a worker.</summary>
    /// <param name="Job">The job that runs in the worker. Default for none.</param>
    /// <param name="Output">The output.</param>
    public sealed record JobOutput(JobId Job, PoolProtocol.WorkerOutput Output);
}
