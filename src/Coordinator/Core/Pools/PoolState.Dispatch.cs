using System.Collections.Immutable;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

public sealed partial class PoolState
{
    /// <summary>A job that runs longer than this should not have others waiting behind it while another executor idles.</summary>
    private static readonly TimeSpan BlockedAfter = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// The smallest batch for an executor that still has jobs. A message for each short job would cost more than the job.
    /// </summary>
    private const int MinBatch = 32;

    /// <summary>Whether no job is sent to executors, because the client must first receive the results that exist.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Whether <see cref="CheckProgress"/> should be called soon: jobs wait in one executor while another has none.</summary>
    public bool NeedsCheck => _waiting.Count == 0 && _executors.Values.Any(static executor => executor.IsStarved)
        && _executors.Values.Any(static executor => executor.HasWaitingJobs);

    /// <summary>Pauses or resumes the dispatch of waiting jobs.</summary>
    public void SetPaused(bool isPaused, TimeSpan now)
    {
        IsPaused = isPaused;
        DispatchJobs(now);
    }

    /// <summary>Sends waiting jobs to the executors with free slots, in equal shares.</summary>
    private void DispatchJobs(TimeSpan now)
    {
        if (_waiting.Count == 0 || IsPaused)
            return;
        var open = 0;
        foreach (var executor in _executors.Values)
            open += IsDueForJobs(executor) ? 1 : 0;
        if (open == 0)
            return;

        var share = (_waiting.Count + open - 1) / open;
        foreach (var executor in _executors.Values)
        {
            if (IsDueForJobs(executor))
                SendJobs(executor, Math.Min(share, GetFreeSlots(executor)), now);
        }
    }

    private bool IsDueForJobs(Executor executor) =>
        executor.AcceptsJobs
        // Refilled at half of the window, so that every message carries many jobs.
        && executor.AssignedJobs.Count <= executor.Window.Size / 2
        // An executor with enough jobs receives more only with the next report, or when there are enough for a batch.
        && (executor.AssignedJobs.Count < MinBatch || _waiting.Count >= MinBatch);

    private int GetFreeSlots(Executor executor)
    {
        var room = executor.Window.Size - executor.AssignedJobs.Count;
        return spec.MaxJobsPerWorker > 0 ? Math.Min(room, spec.MaxJobsPerWorker - executor.AssignedCount) : room;
    }

    private void SendJobs(Executor executor, int most, TimeSpan now)
    {
        if (most <= 0 || _waiting.Count == 0)
            return;
        var jobs = ImmutableArray.CreateBuilder<JobSpec>(Math.Min(most, _waiting.Count));
        while (jobs.Count < most && _waiting.First is { } job && CanFollow(executor, job))
        {
            _waiting.Remove(job);
            executor.AssignJob(job);
            jobs.Add(DescribeStart(job, executor));
            if (job.IsSentAlone)
                break;
        }

        if (jobs.Count == 0)
            return;
        executor.LastProgress = now;
        var first = executor.LastPosition - jobs.Count + 1;
        _effects.Add(new PoolEffect.SendJobs(executor.Id, jobs.DrainToImmutable(), first));
    }

    /// <summary>
    /// Adds the number of the attempt, the ends of the earlier ones, and the node. The first attempt of a job without a trace needs none.
    /// </summary>
    private static JobSpec DescribeStart(Job job, Executor executor)
    {
        var (policy, attempt) = (job.Spec.Policy, job.LostAttempts + 1);
        if (attempt == 1 && policy.Trace is null)
            return job.Spec;
        var trace = policy.Trace is { } known ? known with { Attempt = attempt, Node = executor.NodeName } : null;
        var losses = attempt == 1 ? default : AttemptHistory.LimitAttempts(job.Losses);
        var origin = policy.Origin is { } submitted ? submitted with { Attempt = attempt, Losses = losses } : null;
        return job.Spec with { Policy = policy with { Trace = trace, Origin = origin } };
    }

    private static bool CanFollow(Executor executor, Job job) =>
        executor.LastJob is not { } last || (!job.IsSentAlone && !last.IsSentAlone);

    private void RevokeBlocked(TimeSpan now)
    {
        if (!NeedsCheck)
            return;
        foreach (var executor in _executors.Values)
        {
            if (!executor.HasWaitingJobs || now - executor.LastProgress < BlockedAfter)
                continue;
            executor.TryRevoke();
            executor.Window.ResetSize();
            _effects.Add(new PoolEffect.SendRevocation(executor.Id));
        }
    }
}
