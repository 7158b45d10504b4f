using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>Mirrors <c>BuildActor</c>: the pool of one build in a durable pool.</summary>
internal sealed class SimulatedBuild : SimulatedPool
{
    private readonly Queue<PoolEffect.SendJobs> _unwrittenStarts = new();
    private readonly SimulatedDurablePool _pool;

    public SimulatedBuild(SimulatedCoordinator coordinator, PoolProtocol.OpenPool open, SimulatedDurablePool pool)
        : base(coordinator, open, pool)
    {
        _pool = pool;
        coordinator.AddBuild(this);
    }

    public override void Receive(object message, SimulatedPart sender)
    {
        switch (message)
        {
            case BuildActor.RestoreJobs restore: RestoreJobs(restore); break;
            case BuildActor.StartsWritten: base.ApplyEffect(_unwrittenStarts.Dequeue()); break;
            case BuildActor.PauseJobs pause: UpdateState(state => state.SetPaused(pause.IsPaused, Now)); break;
            default: base.Receive(message, sender); break;
        }
    }

    protected override void ApplyEffect(PoolEffect effect)
    {
        switch (effect)
        {
            case PoolEffect.RecordLostAttempt loss: SendToClient(new BuildActor.AttemptLost(loss.Job, loss.Attempt)); break;
            case PoolEffect.SendJobs run when run.Jobs.Any(job => job.Policy.IsAtMostOnce) && World.Bug != PlantedBug.BeginBeforeWrite:
                _unwrittenStarts.Enqueue(run);
                SendToClient(new BuildActor.JobsStarting([.. run.Jobs.Where(job => job.Policy.IsAtMostOnce).Select(job => job.Id)]));
                break;
            default: base.ApplyEffect(effect); break;
        }
    }

    protected override void FinishPool(long dropped) => SendToClient(new PoolProtocol.PoolFinished(dropped));

    private void RestoreJobs(BuildActor.RestoreJobs restore)
    {
        // A job may return that was withdrawn, to run with a newer build.
        Reported.ExceptWith(restore.Jobs.Select(job => job.Job.Id));
        foreach (var job in restore.Jobs)
            World.OnRestored(this, _pool, job.Job.Id, job.Losses.Count);
        AddRestored(restore.Jobs.Select(job => job.Job));
        UpdateState(state => state.RestoreJobs(restore.Jobs, Now));
    }
}
