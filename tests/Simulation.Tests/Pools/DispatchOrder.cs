using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>
/// Checks that a pool sends a job only after all jobs that rank before it: those of a greater priority, where 10 s of waiting count as
/// one priority, and the older ones of the same priority. Jobs that return from a worker are not compared.
/// </summary>
internal sealed class DispatchOrder(PoolWorld world)
{
    private static readonly TimeSpan PriorityStep = TimeSpan.FromSeconds(10);

    private readonly Dictionary<JobId, (TimeSpan Rank, int Disadvantage, long Number)> _unsent = [];
    private long _last;

    /// <summary>Adds jobs that the pool has received.</summary>
    public void AddJobs(IEnumerable<JobSpec> jobs)
    {
        foreach (var job in jobs)
        {
            var priority = job.Policy.Priority;
            _unsent.TryAdd(job.Id, (world.Now - (priority * PriorityStep), -priority, ++_last));
        }
    }

    /// <summary>Checks the decisions of the pool.</summary>
    public void CheckEffects(IEnumerable<PoolEffect> effects)
    {
        foreach (var effect in effects)
        {
            if (effect is PoolEffect.SendOutcomes ended)
            {
                foreach (var outcome in ended.Outcomes)
                    _unsent.Remove(outcome.Id);
            }
            else if (effect is PoolEffect.SendJobs run)
            {
                foreach (var job in run.Jobs)
                    CheckSent(job.Id);
            }
        }
    }

    private void CheckSent(JobId job)
    {
        if (!_unsent.Remove(job, out var sent))
            return;
        foreach (var (other, waiting) in _unsent)
        {
            world.Require(
                waiting.CompareTo(sent) > 0, Invariant.Priority, $"Job {job} was sent before job {other}, which ranks before it.");
        }
    }
}
