using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

/// <content>Cancels jobs that have not begun.</content>
public sealed partial class PoolState
{
    /// <summary>Whether the job is the first of its executor. An executor runs its jobs in order and reports each end.</summary>
    public bool IsRunning(JobId id) =>
        _jobs.TryGetValue(id, out var job) && job.Executor is { IsReady: true } executor && executor.AssignedJobs.First == job;

    /// <summary>Finds the job that runs in an executor. Default for none.</summary>
    public JobId FindRunningJob(ExecutorId executor) =>
        _executors.TryGetValue(executor, out var found) && found.AssignedJobs.First is { } job ? job.Id : default;

    /// <summary>Cancels those of the jobs that have not begun. The others are reported to the client as not withdrawn.</summary>
    public void WithdrawJobs(ImmutableArray<JobId> ids)
    {
        var unknown = ImmutableArray.CreateBuilder<JobId>();
        foreach (var id in ids)
        {
            if (_jobs.TryGetValue(id, out var job))
                WithdrawJob(job);
            else
                unknown.Add(id);
        }

        // One message: a request has room for two million ids.
        if (unknown.Count > 0)
            _effects.Add(new PoolEffect.SendNotWithdrawn(unknown.DrainToImmutable()));
        FinishIfDone();
    }

    /// <summary>Cancels all jobs that have not begun.</summary>
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
            EndWaiting(job, JobStatus.Canceled);
            return;
        }

        job.IsWithdrawn = true;
        if (executor.TryRevoke())
            _effects.Add(new PoolEffect.SendRevocation(executor.Id));
    }

    /// <summary>Reports the jobs that had begun when the executor returned all others. They continue.</summary>
    private void EndWithdrawals(Executor executor)
    {
        var begun = executor.AssignedJobs.Where(job => job.IsWithdrawn).ToList();
        if (begun.Count == 0)
            return;
        begun.ForEach(job => job.IsWithdrawn = false);
        _effects.Add(new PoolEffect.SendNotWithdrawn([.. begun.Select(job => job.Id)]));
    }
}
