using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>
/// What a pool decides: which job goes to which executor, and how each job ends. Every accepted job ends exactly once. Knows no actor
/// and no clock: commands with the time come in, <see cref="TakeEffects"/> says what to do.
/// </summary>
internal sealed partial class PoolState(PoolSpec spec)
{
    /// <summary>So many executors of a node in a row that never became ready: it cannot run anything of this pool.</summary>
    private const int StartFailuresAllowed = 3;

    private readonly Dictionary<JobId, Job> _jobs = [];
    private readonly LinkedList<Job> _waiting = new();
    private readonly Dictionary<ExecutorId, Executor> _executors = [];
    private readonly List<PoolEffect> _effects = [];
    private readonly List<JobOutcome> _ended = [];

    // Since an executor became ready anywhere.
    private readonly Dictionary<NodeId, int> _startFailures = [];

    // What they still have to say may come later: none of it is so any more.
    private readonly HashSet<NodeId> _lostNodes = [];

    private readonly long[] _endedBy = new long[Enum.GetValues<JobStatus>().Length];

    private PoolPhase _phase = PoolPhase.Open;
    private FailureInfo? _failure;
    private TimeSpan? _withoutWorkersSince;
    private long _dropped;

    // Null until the nodes have said.
    private long? _granted;

    private enum PoolPhase
    {
        Open,
        Closed,
        Ending,
        Finished,
    }

    /// <summary>How many ends of jobs were reported by executors that did not hold them any more, and were refused.</summary>
    public long StaleCompletions { get; private set; }

    /// <summary>How many jobs have not ended.</summary>
    public int Pending => _jobs.Count;

    /// <summary>Whether every job has ended and every executor is gone: it decides nothing any more.</summary>
    public bool IsFinished => _phase == PoolPhase.Finished;

    /// <summary>How far its end has come.</summary>
    public PoolProtocol.PoolEnding Ending => _phase switch
    {
        PoolPhase.Open => PoolProtocol.PoolEnding.Open,
        PoolPhase.Closed => PoolProtocol.PoolEnding.Closed,
        _ => PoolProtocol.PoolEnding.Ending,
    };

    /// <summary>How many of them wait for an executor.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>How many jobs have ended so far, by <see cref="JobStatus"/>.</summary>
    public ImmutableArray<long> Ended => [.. _endedBy];

    /// <summary>The executors that can be given work or will be.</summary>
    public IReadOnlyCollection<ExecutorId> Executors => _executors.Keys;

    /// <summary>What is to be done since the last call, in order.</summary>
    public IReadOnlyList<PoolEffect> TakeEffects()
    {
        if (_ended.Count > 0)
        {
            // Behind the failure of the whole pool: who hears of the end of its job and submits another is refused.
            _effects.Insert(_effects is [PoolEffect.SendFailure, ..] ? 1 : 0, new PoolEffect.SendOutcomes([.. _ended]));
            _ended.Clear();
        }

        if (_effects.Count == 0)
            return [];
        var effects = _effects.ToArray();
        _effects.Clear();
        return effects;
    }

    /// <summary>Accepts jobs. A pool that has ended ends them at once; a job that is known already is not accepted twice.</summary>
    public void SubmitJobs(ImmutableArray<JobSpec> jobs, TimeSpan now)
    {
        foreach (var jobSpec in jobs)
        {
            var job = new Job(jobSpec);
            if (!_jobs.TryAdd(job.Id, job))
                continue;
            if (_phase is PoolPhase.Open or PoolPhase.Closed)
                _waiting.AddLast(job.ListNode);
            else
                DropJob(job);
        }

        DispatchJobs(now);
    }

    /// <summary>
    /// Takes a job up again that was accepted before this state was there. One that may have begun, and may not be begun twice, is lost.
    /// </summary>
    public void RestoreJob(JobSpec jobSpec, IEnumerable<AttemptLoss> losses, bool mayHaveBegun)
    {
        var job = new Job(jobSpec);
        foreach (var loss in losses)
            job.AddLoss(loss);
        _jobs.Add(job.Id, job);
        if (mayHaveBegun)
            EndJob(job, JobStatus.WorkerLost, PoolFailures.CoordinatorLost(job.Losses));
        else
            _waiting.AddLast(job.ListNode);
    }

    /// <summary>The caller does not want these any more: what has not begun ends now, what runs is asked to stop.</summary>
    public void CancelJobs(ImmutableArray<JobId> ids)
    {
        foreach (var id in ids)
        {
            if (!_jobs.TryGetValue(id, out var job) || job.IsCancelled)
                continue;
            job.IsCancelled = true;
            if (job.Executor is { } executor)
                _effects.Add(new PoolEffect.SendCancellation(executor.Id, id));
            else
                EndWaiting(job, JobStatus.Cancelled);
        }

        FinishIfDone();
    }

    /// <summary>No more jobs follow; when those that are there have ended, the executors are released.</summary>
    public void ClosePool()
    {
        if (_phase == PoolPhase.Open)
            _phase = PoolPhase.Closed;
        FinishIfDone();
    }

    /// <summary>Ends every job now.</summary>
    public void TerminatePool() => EndAll(JobStatus.PoolTerminated, null);

    /// <summary>Nothing can be run: every job ends with this reason, as will every later one.</summary>
    public void FailPool(FailureInfo reason)
    {
        if (_phase is PoolPhase.Ending or PoolPhase.Finished)
            return;
        _effects.Insert(0, new PoolEffect.SendFailure(reason));
        EndAll(JobStatus.PoolFailed, reason);
    }

    /// <summary>Time has passed: takes work back that waits behind a long job while others idle, and gives up waiting for workers.</summary>
    public void CheckProgress(TimeSpan now)
    {
        RevokeBlocked(now);
        FailWithoutWorkers(now);
    }

    private void EndAll(JobStatus status, FailureInfo? reason)
    {
        if (_phase is PoolPhase.Ending or PoolPhase.Finished)
            return;
        _phase = PoolPhase.Ending;
        _failure = reason;
        _dropped = _jobs.Count;
        var busy = _executors.Values.Where(executor => !executor.IsIdle).ToList();
        busy.ForEach(executor => executor.IsKilled = true);
        foreach (var job in _jobs.Values.ToArray())
        {
            job.Executor?.RemoveJob(job);
            EndJob(job, status, reason);
        }

        _waiting.Clear();
        _effects.Add(new PoolEffect.ReleaseExecutors([.. busy.Select(executor => executor.Id)]));
        FinishIfDone();
    }

    /// <summary>It came when the pool had ended: dropped as those that were there.</summary>
    private void DropJob(Job job)
    {
        _dropped++;
        EndJob(job, GetEndStatus(), _failure);
    }

    private JobStatus GetEndStatus() => _failure is null ? JobStatus.PoolTerminated : JobStatus.PoolFailed;

    private void EndWaiting(Job job, JobStatus status)
    {
        _waiting.Remove(job.ListNode);
        EndJob(job, status, null);
    }

    private void EndJob(Job job, JobStatus status, FailureInfo? failure) =>
        EndJob(job, new JobOutcome(job.Id, status, default, failure, job.LostAttempts));

    private void EndJob(Job job, JobOutcome outcome)
    {
        _jobs.Remove(job.Id);
        _ended.Add(outcome);
        _endedBy[(int)outcome.Status]++;
        RemovePayload(job.Spec.Stored);
    }

    /// <summary>Nobody will ask for it: the job has ended that needed it, or its end was not taken.</summary>
    private void RemovePayload(StoredPayload? stored)
    {
        if (stored is not null)
            _effects.Add(new PoolEffect.RemovePayload(stored.Id));
    }

    /// <summary>
    /// Whether the initializer has run in every executor that the nodes provide. A closed pool waits for that: an initializer that throws fails the pool, and nobody
    /// would learn of it otherwise.
    /// </summary>
    private bool HasInitialized => spec.Initializer is null
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
        else if (now - (_withoutWorkersSince ??= now) >= TimeSpan.FromMilliseconds(spec.NodeTimeoutMilliseconds))
            FailPool(PoolFailures.NoWorkers(spec));
    }
}
