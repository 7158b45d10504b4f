using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Testing;

/// <summary>The pool of one build of the program in a durable pool, as <c>BuildActor</c>.</summary>
internal sealed class SimulatedBuild(SimulatedCluster cluster, SimulatedDurablePool pool, PoolId id, PoolSpec spec, JobRuns runs)
    : SimulatedPool(cluster, pool.Coordinator, id, spec, runs)
{
    private readonly Queue<PoolEffect.SendJobs> _unwrittenStarts = new();

    /// <summary>Handles a message of the durable pool.</summary>
    public override void ReceiveRequest(object message)
    {
        if (IsStopped)
            return;
        switch (message)
        {
            case BuildActor.RestoreJobs restore: Update(state => state.RestoreJobs(restore.Jobs, Cluster.Now)); break;
            case BuildActor.StartsWritten: base.CarryOut(_unwrittenStarts.Dequeue()); break;
            case BuildActor.PauseJobs pause: Update(state => state.SetPaused(pause.IsPaused, Cluster.Now)); break;
            default: base.ReceiveRequest(message); break;
        }
    }

    /// <inheritdoc/>
    protected override void CarryOut(PoolEffect effect)
    {
        switch (effect)
        {
            case PoolEffect.RecordLostAttempt loss: SendToClient(new BuildActor.AttemptLost(loss.Job, loss.Attempt)); break;
            case PoolEffect.SendJobs run when run.Jobs.Any(job => job.Policy.IsAtMostOnce):
                _unwrittenStarts.Enqueue(run);
                SendToClient(new BuildActor.JobsStarting([.. run.Jobs.Where(job => job.Policy.IsAtMostOnce).Select(job => job.Id)]));
                break;
            default: base.CarryOut(effect); break;
        }
    }

    /// <inheritdoc/>
    protected override void FinishPool(long dropped) => SendToClient(new PoolProtocol.PoolFinished(dropped));

    /// <summary>The durable pool handles the message in a later step, as an actor does.</summary>
    protected override void SendToClient(object message) => Cluster.Scheduler.Post(() => pool.ReceiveFromBuild(this, message));
}

/// <summary>The pool of a build as the receiver of messages, which it handles in a later step.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Build">The pool of the build.</param>
internal sealed record BuildRecipient(SimulatedCluster Cluster, SimulatedBuild Build) : IRecipient
{
    /// <inheritdoc/>
    public bool IsLocal => true;

    /// <inheritdoc/>
    public void Send(object message) => Cluster.Scheduler.Post(() => Build.ReceiveRequest(message));
}
