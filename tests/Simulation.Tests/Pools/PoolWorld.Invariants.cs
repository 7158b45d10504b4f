using Actors.Checkers;
using Actors.Coordinator.Nodes;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>Records the history of the jobs, and checks the promises at each step and at the end.</summary>
internal sealed partial class PoolWorld
{
    private static readonly TimeSpan TimeoutTolerance = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<JobId, SubmittedJob> _jobs = [];
    private readonly Dictionary<long, SessionId> _sessions = [];
    private readonly HashSet<JobId> _forgotten = [];
    private readonly HashSet<JobId> _endedAsCanceled = [];
    private readonly HashSet<JobId> _begun = [];
    private readonly JobHistory _history = new();
    private readonly Dictionary<(SimulatedCoordinator, NodeId, PoolId), int> _grants = [];
    private readonly HashSet<JobId> _canceled = [];
    private readonly Dictionary<JobId, int> _withdrawals = [];
    private readonly Dictionary<JobId, JobStatus> _outcomes = [];
    private readonly Dictionary<(SimulatedPart Pool, JobId Job), int> _lostAttempts = [];
    private long _lastNumber;
    private int _clientBreaks;
    private int _startFailures;
    private bool _poolFailed;
    private bool _isTerminated;
    private bool _withdrawsAll;

    public JobBehavior BehaviorOf(JobId job) => _jobs[job].Behavior;

    public SubmittedJob FindJob(JobId job) => _jobs[job];

    public void OnSubmitted(ClientPlace place, JobSpec spec, SubmittedJob job)
    {
        var id = spec.Id;
        _jobs.Add(id, job);
        _submitted.Add(id);
        _history.RecordSubmission(id.Value, JobBehavior.ResultOf(id.Value), isAtMostOnce: job.Policy.IsAtMostOnce);
        if (job.Policy.Key is not null)
            place.Unconfirmed.Add(job);
        if (job.Behavior.Hangs && job.Policy.TimeoutMilliseconds == 0)
            CancelLater(id, TimeSpan.FromMilliseconds(200 + id.Value % 1500));
    }

    public void OnAcknowledged(ClientPlace place, JobId job, SubmittedJob submitted)
    {
        // A repeated job whose key is free was the same as a forgotten one.
        if (_spec.IsDurable && !Store.HasAccepted(job) && WasForgotten(job))
            return;
        Require(!_spec.IsDurable || Store.HasAccepted(job), Invariant.WrittenFirst, $"Job {job} was acknowledged before it was written.");
        CheckSameCall(job, submitted);
        _history.RecordAcknowledgment(job.Value);
        _accepted.Add(job);
        place.Unconfirmed.Remove(submitted);
        if (!_forgotten.Contains(job))
            place.Accepted[job] = submitted;
    }

    /// <summary>A client acknowledges outcomes.</summary>
    public void OnForgetting(ClientPlace place, IEnumerable<JobId> jobs)
    {
        foreach (var job in jobs)
        {
            _forgotten.Add(job);
            place.Accepted.Remove(job);
        }
    }

    /// <summary>A pool is deleted. A new one of its name assigns ranges from the first one.</summary>
    public void OnDeleted() => _sessions.Clear();

    /// <summary>The pool has assigned a range of ids to a session.</summary>
    public void OnSessionOpened(SessionId session, long range, PoolSpec spec)
    {
        Require(
            _sessions.GetValueOrDefault(range, session) == session,
            Invariant.OneRange, $"The range {range} was assigned to the sessions {_sessions.GetValueOrDefault(range)} and {session}.");
        _sessions[range] = session;
        _specsOfRanges[range] = spec;
    }

    public void OnCanceled(JobId job) => _canceled.Add(job);

    public void OnWithdrawn(JobId job) => _withdrawals[job] = _withdrawals.GetValueOrDefault(job) + 1;

    /// <summary>The client learns that the job continues.</summary>
    public void OnNotWithdrawn(JobId job)
    {
        // Several programs may withdraw a job of a durable pool, and a request may arrive twice.
        if (!_spec.IsDurable && !_endedAsCanceled.Contains(job))
            _withdrawals[job] = Math.Max(0, _withdrawals.GetValueOrDefault(job) - 1);
    }

    /// <summary>The pool retires a worker that has run as many jobs as allowed.</summary>
    public void CheckRetirement(WorkerProcess process) => Require(
        process.HasExited || process.HasLostFrames || process.Begun >= _spec.MaxJobsPerWorker,
        Invariant.MaxJobsPerWorker, $"A worker is retired after {process.Begun} jobs of {_spec.MaxJobsPerWorker}.");

    public void OnJobBegun(JobSpec job, SimulatedPart worker)
    {
        // A job that a tool runs again may begin again.
        var isFirst = _begun.Add(job.Id);
        var isRepeated = _retried.Contains(job.Id) ? !isFirst : _history.HasEnded(job.Id.Value) && !job.Policy.IsAtMostOnce;
        if (!isRepeated)
            _history.RecordBegin(job.Id.Value);
        Require(
            !_spec.IsDurable || !job.Policy.IsAtMostOnce || Store.HasBegun(job.Id),
            Invariant.WrittenFirst, $"The at-most-once job {job.Id} began before that was written.");
        CheckHistory();
        CheckRunsOnce(job.Id, worker);
        var build = ((ISimulatedWorker)worker).Build;
        Require(
            !_spec.IsDurable || PoolBuilds.IsCodeOf(job.Function, build),
            Invariant.OwnCode, $"Job {job.Id} of another build runs with the build {build.High}.");
        Require(
            !_spec.IsDurable || job.Policy.RunsNewest || PoolBuilds.IsCodeOf(_jobs[job.Id].Function, build),
            Invariant.OwnCode, $"The pinned job {job.Id} runs with the build {build.High}.");
        var process = LiveWorkers.FirstOrDefault(other => other == worker)?.Process;
        Require(
            _spec.MaxJobsPerWorker == 0 || process is null || process.Begun <= _spec.MaxJobsPerWorker,
            Invariant.MaxJobsPerWorker, $"A worker began {process?.Begun} jobs; {_spec.MaxJobsPerWorker} are allowed.");
    }

    /// <summary>While a worker that belongs to the pool runs a job, no other one does.</summary>
    private void CheckRunsOnce(JobId job, SimulatedPart worker)
    {
        foreach (var other in LiveWorkers.Where(other => other.Process.Running?.Id == job && other != worker))
        {
            var both = _coordinators.SelectMany(coordinator => coordinator.Pools).FirstOrDefault(
                pool => pool.HasWorker(other.Id) && pool.HasWorker(((ISimulatedWorker)worker).Id));
            Require(both is null, Invariant.OneWorker, $"Job {job} runs in two workers at once.");
        }
    }

    /// <summary>A build of a durable pool receives a job with its lost attempts.</summary>
    public void OnRestored(SimulatedPart build, SimulatedPart pool, JobId job, int lostAttempts)
    {
        // A pool that was paused after its fence was written reads an old state. It can write nothing.
        var written = Store.LastWriter == pool ? Store.CountLosses(job) : 0;
        Require(lostAttempts >= written, Invariant.MaxAttempts, $"Job {job} was read with {lostAttempts} lost attempts of {written}.");
        Require(
            Store.LastWriter != pool || !Store.HasCanceled(job),
            Invariant.Managed, $"Job {job} runs again, although its cancellation by a tool was written.");
        _lostAttempts[(build, job)] = lostAttempts;
    }

    /// <summary>A build of a durable pool receives a failed job again, which a tool runs again. Its attempts count anew.</summary>
    public void OnRunAgain(SimulatedPart build, JobId job) => _lostAttempts.Remove((build, job));

    /// <summary>
    /// A pool learns that the worker of a running job has ended. The loss must count: the worker has reported the job, or it is the first
    /// of its worker.
    /// </summary>
    public void OnAttemptLost(SimulatedPart pool, JobId job)
    {
        var lost = _lostAttempts[(pool, job)] = _lostAttempts.GetValueOrDefault((pool, job)) + 1;
        var most = _jobs[job].Policy.MaxAttempts;
        Require(lost <= most, Invariant.MaxAttempts, $"Job {job} lost {lost} attempts; {most} are allowed.");
    }

    public void OnStartFailed() => _startFailures++;

    /// <summary>A pool gives up, because no worker starts.</summary>
    public void OnPoolFailed()
    {
        Require(_startFailures >= 3, Invariant.Reason, $"A pool failed after {_startFailures} failed starts of workers.");
        _poolFailed = true;
    }

    /// <summary>A job has run for a time and still runs, or has ended.</summary>
    public void CheckRunTime(JobSpec job, TimeSpan time) => Require(
        job.Policy.TimeoutMilliseconds <= 0 || time <= TimeSpan.FromMilliseconds(job.Policy.TimeoutMilliseconds) + TimeoutTolerance
            + (_spec.GetGrace(CancellationTriggers.Timeout) ?? TimeSpan.Zero),
        Invariant.Timeout, $"Job {job.Id} ran {time.TotalMilliseconds:0} ms; its timeout is {job.Policy.TimeoutMilliseconds} ms.");

    /// <summary>An outcome has reached the client, awaited or not.</summary>
    public void OnOutcomeArrived(JobOutcome outcome)
    {
        // A job that runs again may have another outcome then.
        if (!_spec.IsDurable || IsRefused(outcome) || outcome.Status == JobStatus.Unknown || _retried.Contains(outcome.Id))
            return;
        Require(Store.HasEnded(outcome.Id), Invariant.WrittenFirst, $"The outcome of job {outcome.Id} arrived before it was written.");
        Require(
            !_outcomes.TryGetValue(outcome.Id, out var other) || other == outcome.Status,
            Invariant.OneResult, $"Job {outcome.Id} ended as {other}, and later as {outcome.Status}.");
        _outcomes[outcome.Id] = outcome.Status;
    }

    /// <summary>Whether a job was not accepted, because its pool was closed.</summary>
    private bool IsRefused(JobOutcome outcome) => outcome.Status == JobStatus.Refused && IsClosedByName;

    /// <summary>A job has ended for one of the clients that wait for it.</summary>
    public void OnEnded(JobOutcome outcome)
    {
        Require(
            outcome.Status != JobStatus.Unknown || WasForgotten(outcome.Id),
            Invariant.Retained, $"Job {outcome.Id} is unknown, and nobody has acknowledged it.");
        if (outcome.Status == JobStatus.Unknown || (_spec.IsDurable && _history.HasEnded(outcome.Id.Value)))
            return;
        var result = outcome.Status == JobStatus.Succeeded ? System.Text.Encoding.ASCII.GetString(outcome.Payload.Span) : null;
        _history.RecordEnd(outcome.Id.Value, $"{outcome.Status}", result);
        CheckHistory();
        CheckReason(outcome);
    }

    /// <summary>A job has ended in the client, because the pool or its coordinator is lost.</summary>
    public void OnDropped(ISimulatedClient client, JobId job, JobStatus status)
    {
        if (!_spec.IsDurable || !_history.HasEnded(job.Value))
            _history.RecordEnd(job.Value, $"{status}, in the client");
        CheckHistory();
        Require(
            _isTerminated || (_clientBreaks > 0 && !_spec.IsDurable)
            || ((client.HasEnded || client.HasFinished) && (_poolFailed || IsClosedByName)),
            Invariant.Reason, $"Job {job} ended as {status}, and no coordinator was lost.");
    }

    /// <summary>Outcomes leave a pool.</summary>
    public void OnOutcomesReported(HashSet<JobId> reported, IEnumerable<JobOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            Require(reported.Add(outcome.Id), Invariant.OneOutcome, $"A pool reported two outcomes of job {outcome.Id}.");
            if (outcome.Status == JobStatus.Canceled)
                _endedAsCanceled.Add(outcome.Id);
        }
    }

    /// <summary>A pool sends jobs to a worker.</summary>
    public void CheckAssignment(PoolEffect.SendJobs run, PoolState state, HashSet<JobId> reported, SimulatedPart worker)
    {
        foreach (var job in run.Jobs)
        {
            Require(!reported.Contains(job.Id), Invariant.EndedStays, $"Job {job.Id} was sent after its outcome.");
            Require(
                !job.Policy.IsAtMostOnce || run.Jobs.Length == 1, Invariant.Alone, $"The at-most-once job {job.Id} was sent with others.");
            foreach (var other in LiveWorkers.Where(other => state.Executors.Contains(other.Id)))
            {
                Require(
                    !other.Process.Holds(job.Id),
                    Invariant.OneWorker, $"Job {job.Id} was sent to worker {worker.Number} while another has it.");
            }
        }
    }

    public void CheckGrants(SimulatedCoordinator coordinator, IReadOnlyList<ExecutorGrant> grants)
    {
        foreach (var grant in grants)
        {
            var key = (coordinator, grant.Node, grant.Pool);
            Require(
                grant.Executors >= 0 && _grants.GetValueOrDefault(key) != grant.Executors,
                Invariant.Grants, $"A grant of {grant.Executors} workers changes nothing.");
            _grants[key] = grant.Executors;
            Require(
                grant.Executors <= SimulatedNode.Slots,
                Invariant.Slots, $"{grant.Executors} workers were granted on {SimulatedNode.Slots} slots.");
        }
    }

    protected override void CheckEnd()
    {
        var unfinished = _spec.IsDurable ? [.. Store.Pending.Select(job => $"Job {job} never ended.")] : _history.FindUnfinished();
        Require(unfinished.Count == 0, Invariant.EveryJobEnds, $"{string.Join(" ", unfinished.Take(3))}");
        var waiting = Clients.Sum(client => client.HasEnded ? 0 : client.Pending);
        Require(waiting == 0, Invariant.EveryJobEnds, $"The clients still wait for {waiting} jobs.");
        Require(_isClosing || !UnknownWorkers.Any(), Invariant.WorkersKnown, $"No pool knows {UnknownWorkers.Count()} running workers.");
        Require(Clients.All(client => client.HasEnded), Invariant.PoolEnds, $"The closed pool never finished for its client.");
        Require(!_left.Exists(IsLeaving), Invariant.PoolEnds, $"A program never left its pool.");
        Require(!LiveWorkers.Any(), Invariant.WorkersEnd, $"{LiveWorkers.Count()} workers outlived their pool.");
        Require(IsStoreSettled, Invariant.PoolEnds, $"The closed pool was not deleted.");
    }

    private void CheckHistory()
    {
        if (_history.Violations.Count > 0)
            throw new InvariantViolatedException(Invariant.EndsOnce, _history.Violations[0]);
    }

    /// <summary>The ids under which clients have submitted a job: a repeated key has another one until it is accepted.</summary>
    private IEnumerable<JobId> FindSubmissions(JobId job) => _jobs[job].Policy.Key is { } key
        ? _submitted.Where(other => _jobs[other].Policy.Key == key)
        : [job];

    private bool WasForgotten(JobId job) => FindSubmissions(job).Any(other => _forgotten.Contains(other) || IsUnretained(other));

    private void CheckReason(JobOutcome outcome)
    {
        var (policy, behavior) = (_jobs[outcome.Id].Policy, _jobs[outcome.Id].Behavior);
        var isExpected = outcome.Status switch
        {
            JobStatus.Succeeded => !behavior.Throws && !behavior.Hangs,
            JobStatus.Threw => behavior.Throws,
            JobStatus.Canceled => _withdrawsAll || FindSubmissions(outcome.Id).Any(
                job => _canceled.Contains(job) || _withdrawals.GetValueOrDefault(job) > 0),
            JobStatus.TimedOut => policy.TimeoutMilliseconds > 0,
            JobStatus.WorkerLost => policy.MaxAttempts <= 1 || outcome.Attempts == policy.MaxAttempts,
            JobStatus.Refused => IsRefused(outcome) || (!_jobs[outcome.Id].Arguments.IsEmpty && JobBehavior.FailsUpload(outcome.Id)),
            JobStatus.PoolFailed => _poolFailed,
            JobStatus.PoolTerminated => _isTerminated,
            _ => false,
        };
        Require(
            isExpected, Invariant.Reason,
            $"Job {outcome.Id} ended as {outcome.Status} after {outcome.Attempts} attempts without a cause.");
    }
}
