using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Collections;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The state of a pool: decides which job runs in which executor, and how each job ends. Every accepted job ends exactly once. Has no actor
/// and no clock: commands with the time come in, <see cref="TakeEffects"/> returns the actions.
/// </summary>
public sealed partial class PoolState(PoolSpec spec)
{
    /// <summary>The number of consecutive failed starts after which a node counts as unable to run this pool.</summary>
    private const int StartFailuresAllowed = 3;

    /// <summary>The bytes of the entries that the state keeps for a job.</summary>
    public const int JobOverhead = 128;

    private const int MaxLostNodes = 10_000;

    /// <summary>The most executors of a node beyond twice those that were granted.</summary>
    private const int MaxOtherExecutors = 64;

    private readonly Dictionary<JobId, Job> _jobs = [];
    private readonly WaitingJobs _waiting = new();
    private readonly Dictionary<ExecutorId, Executor> _executors = [];
    private readonly List<PoolEffect> _effects = [];
    private readonly List<JobOutcome> _ended = [];

    // Counted since any executor became ready.
    private readonly Dictionary<NodeId, int> _startFailures = [];

    // The nodes that provide executors, including those that have not started any yet.
    private readonly HashSet<NodeId> _grantedNodes = [];

    // Late messages of these nodes are ignored.
    private readonly RecentSet<NodeId> _lostNodes = new(MaxLostNodes);

    private PoolPhase _phase = PoolPhase.Open;
    private FailureInfo? _failure;
    private TimeSpan? _withoutWorkersSince;
    private long _dropped;

    // Null until the first grant.
    private long? _granted;
    private long _mostGranted;

    private enum PoolPhase
    {
        Open,
        Closed,
        Ending,
        Finished,
    }

    /// <summary>The number of refused outcomes: their executor did not have the job any more.</summary>
    public long StaleCompletions { get; private set; }

    /// <summary>The number of jobs without an outcome.</summary>
    public int Pending => _jobs.Count;

    /// <summary>The bytes of the jobs without an outcome, approximately.</summary>
    public long PendingBytes { get; private set; }

    /// <summary>Whether every job has an outcome and every executor has ended.</summary>
    public bool IsFinished => _phase == PoolPhase.Finished;

    /// <summary>The progress of the end of the pool, as the client sees it.</summary>
    public PoolProtocol.PoolEnding Ending => _phase switch
    {
        PoolPhase.Open => PoolProtocol.PoolEnding.Open,
        PoolPhase.Closed => PoolProtocol.PoolEnding.Closed,
        _ => PoolProtocol.PoolEnding.Ending,
    };

    /// <summary>The number of jobs that wait for an executor.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>The executors that have not ended.</summary>
    public IReadOnlyCollection<ExecutorId> Executors => _executors.Keys;

    /// <summary>Returns the actions since the last call, in order.</summary>
    public IReadOnlyList<PoolEffect> TakeEffects()
    {
        if (_ended.Count > 0)
        {
            // After the failure of the pool: a client that sees the end of its job and submits another one must be refused.
            _effects.Insert(_effects is [PoolEffect.SendFailure, ..] ? 1 : 0, new PoolEffect.SendOutcomes([.. _ended]));
            _ended.Clear();
        }

        if (_effects.Count == 0)
            return [];
        var effects = _effects.ToArray();
        _effects.Clear();
        return effects;
    }

    /// <summary>Accepts jobs. A known job is ignored. If the pool has ended, the jobs end at once.</summary>
    public void SubmitJobs(ImmutableArray<JobSpec> jobs, TimeSpan now)
    {
        foreach (var job in jobs)
            AddJob(new Job(job), mayHaveBegun: false, now);
        DispatchJobs(now);
    }

    /// <summary>As <see cref="SubmitJobs"/>, for jobs from the store. An at-most-once job that may have begun ends as lost.</summary>
    public void RestoreJobs(ImmutableArray<StoredJob> jobs, TimeSpan now)
    {
        foreach (var stored in jobs)
        {
            var job = new Job(stored.Job);
            foreach (var loss in stored.Losses)
                job.AddLoss(loss);
            AddJob(job, stored.MayHaveBegun, now);
        }

        // An executor may have become ready before, while a large store was read.
        DispatchJobs(now);
    }

    private void AddJob(Job job, bool mayHaveBegun, TimeSpan now)
    {
        if (!_jobs.TryAdd(job.Id, job))
            return;
        PendingBytes += MeasureJob(job.Spec);
        if (mayHaveBegun)
            EndJob(job, JobStatus.WorkerLost, PoolFailures.CoordinatorLost(job.Losses));
        else if (_phase is PoolPhase.Open or PoolPhase.Closed)
            _waiting.AddLast(job, now);
        else
            DropJob(job);
    }

    /// <summary>Cancels jobs: those that wait end now, those in an executor are asked to stop.</summary>
    public void CancelJobs(ImmutableArray<JobId> ids)
    {
        foreach (var id in ids)
        {
            if (!_jobs.TryGetValue(id, out var job) || job.IsCanceled)
                continue;
            job.IsCanceled = true;
            if (job.Executor is { } executor)
                _effects.Add(new PoolEffect.SendCancellation(executor.Id, id));
            else
                EndWaiting(job, JobStatus.Canceled);
        }

        FinishIfDone();
    }

    /// <summary>Closes the pool for new jobs. The executors are released after the last job.</summary>
    public void ClosePool()
    {
        if (_phase == PoolPhase.Open)
            _phase = PoolPhase.Closed;
        FinishIfDone();
    }

    /// <summary>Ends every job at once.</summary>
    public void TerminatePool() => EndAll(JobStatus.PoolTerminated, null);

    /// <summary>
    /// Ends every job, because the client has disconnected. The running ones are first canceled if the settings of the pool say so.
    /// </summary>
    public void AbandonPool() =>
        EndAll(JobStatus.PoolTerminated, null, spec.CancelsOn.HasFlag(CancellationTriggers.ClientDisconnected));

    /// <summary>Fails the pool: every job ends with this reason, as will every later one.</summary>
    public void FailPool(FailureInfo reason)
    {
        if (_phase is PoolPhase.Ending or PoolPhase.Finished)
            return;
        _effects.Insert(0, new PoolEffect.SendFailure(reason));
        EndAll(JobStatus.PoolFailed, reason);
    }

    /// <summary>Asks busy executors to return jobs while others idle, and fails the pool when no worker has appeared in time.</summary>
    public void CheckProgress(TimeSpan now)
    {
        RevokeBlocked(now);
        FailWithoutWorkers(now);
    }

    /// <summary>The bytes of memory that a pending job takes, approximately.</summary>
    public static long MeasureJob(JobSpec job) => JobOverhead + WireLimits.SizeOf(job);

    private void EndAll(JobStatus status, FailureInfo? reason, bool isAbandoned = false)
    {
        if (_phase is PoolPhase.Ending or PoolPhase.Finished)
            return;
        _phase = PoolPhase.Ending;
        _failure = reason;
        _dropped = _jobs.Count;
        var busy = _executors.Values.Where(executor => !executor.IsIdle).ToList();
        busy.ForEach(executor =>
        {
            if (isAbandoned)
                executor.Abandon();
            else
                executor.Kill();
        });
        foreach (var job in _jobs.Values.ToArray())
        {
            job.Executor?.RemoveJob(job);
            EndJob(job, status, reason);
        }

        _waiting.Clear();
        _effects.Add(new PoolEffect.ReleaseExecutors([.. busy.Select(executor => executor.Id)], isAbandoned));
        FinishIfDone();
    }

    /// <summary>Ends a job that arrived after the end of the pool.</summary>
    private void DropJob(Job job)
    {
        _dropped++;
        EndJob(job, GetEndStatus(), _failure);
    }

    private JobStatus GetEndStatus() => _failure is null ? JobStatus.PoolTerminated : JobStatus.PoolFailed;

    private void EndWaiting(Job job, JobStatus status)
    {
        _waiting.Remove(job);
        EndJob(job, status, null);
    }

    private void EndJob(Job job, JobStatus status, FailureInfo? failure) =>
        EndJob(job, new JobOutcome(job.Id, status, default, failure, job.LostAttempts));

    private void EndJob(Job job, JobOutcome outcome)
    {
        _jobs.Remove(job.Id);
        PendingBytes -= MeasureJob(job.Spec);
        _ended.Add(outcome);
        _endedBy[(int)outcome.Status]++;
        RemovePayload(job.Spec.Stored);
    }

    /// <summary>Removes the stored arguments of a job that has ended.</summary>
    private void RemovePayload(StoredPayload? stored)
    {
        if (stored is not null)
            _effects.Add(new PoolEffect.RemovePayload(stored.Id));
    }

    /// <summary>
    /// Whether the initializer has run in every granted executor. A closed pool waits for this: otherwise the client would not learn of an
    /// initializer, services or a state that throw.
    /// </summary>
    private bool HasInitialized => spec is { Initializer: null, Services: null, State: null }
        || (_executors.Count >= _granted && _executors.Values.All(executor => executor.IsReady));

    private void FinishIfDone()
    {
        if (_phase == PoolPhase.Closed && _jobs.Count == 0 && HasInitialized)
        {
            _phase = PoolPhase.Ending;
            _effects.Add(new PoolEffect.ReleaseExecutors([]));
        }

        if (_phase == PoolPhase.Ending && _executors.Count == 0)
        {
            _phase = PoolPhase.Finished;
            _effects.Add(new PoolEffect.FinishPool(_dropped));
        }
    }

    private void FailWithoutWorkers(TimeSpan now)
    {
        if (_executors.Count > 0 || _waiting.Count == 0 || spec.NodeTimeoutMilliseconds <= 0)
            _withoutWorkersSince = null;
        else if (now - (_withoutWorkersSince ??= now) >= ProtocolTimes.FromMilliseconds(spec.NodeTimeoutMilliseconds))
            FailPool(PoolFailures.NoWorkers(spec));
    }
}
