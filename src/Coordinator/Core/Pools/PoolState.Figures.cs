using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;

namespace Actors.Coordinator.Pools;

/// <summary>The figures for metrics.</summary>
public sealed partial class PoolState
{
    private readonly long[] _endedBy = new long[Enum.GetValues<JobStatus>().Length];
    private readonly long[] _restartsBy = new long[Enum.GetValues<ExecutorExitReason>().Length];

    /// <summary>The number of ended jobs, by <see cref="JobStatus"/>.</summary>
    public ImmutableArray<long> Ended => [.. _endedBy];

    /// <summary>The number of executors that ended while the pool was open, by <see cref="ExecutorExitReason"/>.</summary>
    public ImmutableArray<long> Restarts => [.. _restartsBy];

    /// <summary>The unfinished jobs and the executors.</summary>
    public PoolFigures Figures => new(
        _waiting.Count, _jobs.Count - _waiting.Count, _executors.Values.Count(executor => !executor.IsIdle), _executors.Count);

    /// <summary>Whether the waiting times of jobs are measured. Default: no, because somebody must observe them.</summary>
    public bool MeasuresWaits { get; set; }

    /// <summary>Measures how long a job waits, or has waited for its current attempt. Zero for an unknown job.</summary>
    public TimeSpan MeasureWait(JobId id, TimeSpan now) => _jobs.TryGetValue(id, out var job) ? now - job.QueuedAt : TimeSpan.Zero;

    /// <summary>Whether an executor has been given a job that has not ended. A node must not report on the jobs of others.</summary>
    public bool IsAssigned(JobId id, ExecutorId executor) => _jobs.TryGetValue(id, out var job) && job.Executor?.Id == executor;

    /// <summary>Counts an executor that another one replaces. A node may report a reason that this version does not know.</summary>
    private void CountRestart(ExecutorExitReason reason)
    {
        if (_phase is PoolPhase.Open or PoolPhase.Closed)
            _restartsBy[(int)reason < _restartsBy.Length ? (int)reason : (int)ExecutorExitReason.Crashed]++;
    }

    /// <summary>
    /// Measures the times from the acceptance of jobs to their starts, with the clock of the coordinator alone: an executor ran the jobs of
    /// a report one after another, until it sent the report. Exact for a job that is reported alone; short jobs are reported together, and
    /// each counts as long as the average. A result in a file is reported after its upload, and is not measured.
    /// </summary>
    private void MeasureWaits(Executor executor, ImmutableArray<JobOutcome> outcomes, long busyMicroseconds, TimeSpan now)
    {
        if (!MeasuresWaits)
            return;
        var waits = ImmutableArray.CreateBuilder<JobWait>(outcomes.Length);
        // A node is not trusted with the sum: a start cannot be before the start of this clock.
        var busy = Math.Clamp(busyMicroseconds, 0, now.Ticks / TimeSpan.TicksPerMicrosecond) * TimeSpan.TicksPerMicrosecond;
        for (var i = 0; i < outcomes.Length; i++)
        {
            var start = now - TimeSpan.FromTicks(busy / outcomes.Length * (outcomes.Length - i));
            if (outcomes[i].Stored is null && _jobs.TryGetValue(outcomes[i].Id, out var job) && job.Executor == executor)
                waits.Add(new JobWait(job.Spec.Function.Name, start > job.AcceptedAt ? start - job.AcceptedAt : TimeSpan.Zero));
        }

        if (waits.Count > 0)
            _effects.Add(new PoolEffect.RecordWaits(waits.DrainToImmutable()));
    }
}
