using System.Collections.Immutable;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

internal sealed partial class PoolState
{
    /// <summary>A job that runs longer than this should not have others waiting behind it while an executor idles.</summary>
    private static readonly TimeSpan BlockedAfter = TimeSpan.FromMilliseconds(5);

    /// <summary>Short jobs travel in company: a message for each would cost more than the job.</summary>
    private const int FewJobs = 32;

    /// <summary>Whether <see cref="Tick"/> should come soon: work waits in one executor while another has none.</summary>
    public bool WantsTick => _waiting.Count == 0 && _executors.Values.Any(IsHungry) && _executors.Values.Any(HasSpare);

    private static bool IsHungry(Executor executor) => executor is { IsReady: true, IsRetiring: false, IsIdle: true };

    private static bool HasSpare(Executor executor) => executor is { IsRecalled: false, HasReturnedAll: false, Sent.Count: > 1 };

    /// <summary>Gives waiting jobs to the executors with room, in equal shares.</summary>
    private void Dispatch(TimeSpan now)
    {
        if (_waiting.Count == 0)
            return;
        var open = 0;
        foreach (var executor in _executors.Values)
            open += TakesWork(executor) ? 1 : 0;
        if (open == 0)
            return;

        var share = (_waiting.Count + open - 1) / open;
        foreach (var executor in _executors.Values)
        {
            if (TakesWork(executor))
                Give(executor, Math.Min(share, Room(executor)), now);
        }
    }

    private bool TakesWork(Executor executor) =>
        executor is { IsReady: true, IsRetiring: false, IsRecalled: false }
        // Filled up when half empty: every message carries a good part of a window.
        && executor.Sent.Count <= executor.Window.Size / 2
        // One that has enough to do for the moment gets more when there are some to send together, or when it reports.
        && (executor.Sent.Count < FewJobs || _waiting.Count >= FewJobs);

    private int Room(Executor executor)
    {
        var room = executor.Window.Size - executor.Sent.Count;
        return spec.MaxJobsPerWorker > 0 ? Math.Min(room, spec.MaxJobsPerWorker - executor.Given) : room;
    }

    private void Give(Executor executor, int most, TimeSpan now)
    {
        if (most <= 0 || _waiting.Count == 0)
            return;
        var jobs = ImmutableArray.CreateBuilder<JobSpec>(Math.Min(most, _waiting.Count));
        while (jobs.Count < most && _waiting.First?.Value is { } job && MayJoin(executor, job))
        {
            _waiting.RemoveFirst();
            executor.Give(job);
            jobs.Add(job.Spec);
            if (job.TravelsAlone)
                break;
        }

        if (jobs.Count == 0)
            return;
        executor.LastProgress = now;
        var first = executor.LastPosition - jobs.Count + 1;
        _effects.Add(new PoolEffect.Run(executor.Id, jobs.DrainToImmutable(), first));
    }

    private static bool MayJoin(Executor executor, Job job) => executor.Last is not { } last || (!job.TravelsAlone && !last.TravelsAlone);

    private void RecallBlocked(TimeSpan now)
    {
        if (!WantsTick)
            return;
        foreach (var executor in _executors.Values)
        {
            if (!HasSpare(executor) || now - executor.LastProgress < BlockedAfter)
                continue;
            executor.IsRecalled = true;
            executor.Window.Reset();
            _effects.Add(new PoolEffect.Recall(executor.Id));
        }
    }
}
