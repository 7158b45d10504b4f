using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

/// <content>Jobs that their caller does not want unless they have begun.</content>
internal sealed partial class PoolState
{
    /// <summary>Whether an executor runs the job: it runs its jobs in their order, and reports each end.</summary>
    public bool IsRunning(JobId id) =>
        _jobs.TryGetValue(id, out var job) && job.Executor is { IsReady: true } executor && executor.AssignedJobs.First() == job;

    /// <summary>Ends those of these jobs as cancelled that have not begun. Names the others, when that is known.</summary>
    public void WithdrawJobs(ImmutableArray<JobId> ids)
    {
        foreach (var id in ids)
        {
            if (_jobs.TryGetValue(id, out var job))
                WithdrawJob(job);
            else
                _effects.Add(new PoolEffect.SendNotWithdrawn([id]));
        }

        FinishIfDone();
    }

    /// <summary>The same for all jobs.</summary>
    public void WithdrawAll()
    {
        foreach (var job in _jobs.Values.ToArray())
            WithdrawJob(job);
        FinishIfDone();
    }

    private void WithdrawJob(Job job)
    {
        if (job.Executor is not { } executor)
        {
            EndWaiting(job, JobStatus.Cancelled);
            return;
        }

        job.IsWithdrawn = true;
        if (executor.IsRevoking)
            return;
        executor.IsRevoking = true;
        _effects.Add(new PoolEffect.SendRevocation(executor.Id));
    }

    /// <summary>The executor has returned all that had not begun: what it still has goes on.</summary>
    private void EndWithdrawals(Executor executor)
    {
        var begun = executor.AssignedJobs.Where(job => job.IsWithdrawn).ToList();
        if (begun.Count == 0)
            return;
        begun.ForEach(job => job.IsWithdrawn = false);
        _effects.Add(new PoolEffect.SendNotWithdrawn([.. begun.Select(job => job.Id)]));
    }
}
