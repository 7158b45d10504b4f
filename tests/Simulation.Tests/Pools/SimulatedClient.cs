using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>
/// Mirrors <c>PoolSession</c>: numbers submissions, keeps them until they are acknowledged, compares, and opens the pool again after the
/// loss of its coordinator.
/// </summary>
internal sealed partial class SimulatedClient : ISimulatedClient
{
    private const int MaxEndsAlone = 3;
    private const int MaxUnacknowledged = 16;

    private readonly PoolWorld _world;
    private readonly SortedDictionary<long, PendingJob> _pending = [];
    private readonly Queue<Submission> _unaccepted = new();
    private readonly List<JobId> _cancelled = [];
    private readonly List<JobId> _withdrawn = [];
    private readonly HashSet<JobId> _cancelRequests = [];
    private readonly HashSet<JobId> _attached = [];
    private ImmutableArray<JobSpec>.Builder _gathered = ImmutableArray.CreateBuilder<JobSpec>();
    private PoolSpec _spec;
    private SimulatedPart? _pool;
    private ClientConnection? _self;
    private object? _lastRequest;
    private bool _isSending;
    private bool _isReconnecting;
    private bool _isWatched;
    private bool _wasOpen;
    private bool _isClosed;
    private bool _closesWhenSent;
    private bool _hasFailed;
    private int _endsAlone;
    private long _lastSent;
    private long _submitted;
    private long _lastToAcknowledge;
    private long _comparedAt;
    private long _lastEnded;
    private long _acknowledged;

    public SimulatedClient(PoolWorld world, PoolSpec spec)
    {
        (_world, _spec) = (world, spec);
        Host = world.CreateHost("client");
    }

    public SimulatedHost Host { get; }

    public bool HasEnded { get; private set; }

    public int Pending => _pending.Count;

    public long Progress { get; private set; }

    public bool HasRequests => _cancelRequests.Count > 0;

    public bool IsEndExpected => _lastRequest is not null && _pending.Count == 0;

    public bool AwaitsAttachedJobs => _attached.Count > 0;

    private bool RetainsJobs => _world.Coordinators.Count > 1 && !_spec.IsDurable;

    private bool CanReopen => _spec.IsDurable || RetainsJobs;

    public bool CanSubmit => Host.IsAlive && _wasOpen && !_isClosed && !HasEnded && !_hasFailed && _lastRequest is null && !_closesWhenSent;

    public void Start() => OpenAt(_world.ChooseCoordinator(null)!);

    public void SubmitJob(JobSpec job)
    {
        _world.OnSubmitted(job);
        _pending.Add(job.Id.Value, new PendingJob(job.Id, RetainsJobs ? job : null));
        _gathered.Add(job);
        SendGathered();
    }

    public void CancelJob(JobId job)
    {
        if (!_pending.TryGetValue(job.Value, out var pending))
            return;
        _world.OnCancelled(job);
        pending.IsCancelled = true;
        if (!IsSent(job))
        {
            _cancelled.Add(job);
            return;
        }

        _cancelRequests.Add(job);
        Tell(new PoolProtocol.CancelJobs([job]));
    }

    public void WithdrawJob(JobId job)
    {
        if (_isReconnecting || !_wasOpen || !_pending.ContainsKey(job.Value))
            return;
        _world.OnWithdrawn(job);
        if (IsSent(job))
            Tell(new PoolProtocol.WithdrawJobs([job]));
        else
            _withdrawn.Add(job);
    }

    public void AttachJob(JobId job)
    {
        if (HasEnded || !_pending.TryAdd(job.Value, new PendingJob(job, null)))
            return;
        _attached.Add(job);
        Tell(new PoolProtocol.AttachToJobs([job]));
        StartWatching();
    }

    public void ClosePool()
    {
        if (HasEnded || _lastRequest is not null)
            return;
        _closesWhenSent = true;
        CloseWhenSent();
    }

    public void Crash() => _world.KillHost(Host);

    public void OnFailed() => _hasFailed = true;

    public void OnAccepted(long number)
    {
        Progress++;
        ForgetAccepted(number);
        _isSending = false;
        SendGathered();
    }

    public void OnJobsEnded(PoolProtocol.JobsEnded ended)
    {
        if (ended.Number > 0)
            _lastEnded = ended.Number;
        EndJobs(ended.Outcomes);
        if (ended.Number - _acknowledged >= MaxUnacknowledged)
            AcknowledgeEnded();
        if (!_spec.IsDurable && ended.Number > 0)
            ForgetAccepted(ended.Submitted);
    }

    public void EndJobs(IEnumerable<JobOutcome> outcomes)
    {
        Progress++;
        var acknowledged = ImmutableArray.CreateBuilder<JobId>();
        foreach (var reported in outcomes)
        {
            var outcome = reported.OrWorkerLost(reported.FindContradiction());
            _world.OnOutcomeArrived(outcome);
            var isAwaited = _pending.Remove(outcome.Id.Value);
            if (isAwaited)
            {
                _cancelRequests.Remove(outcome.Id);
                _attached.Remove(outcome.Id);
                _world.OnEnded(outcome);
            }

            if (isAwaited && outcome.Status != JobStatus.Unknown)
                acknowledged.Add(outcome.Id);
        }

        if (_spec.IsDurable && acknowledged.Count > 0)
            ForgetOutcomes(acknowledged.DrainToImmutable());
    }

    public void AcknowledgeEnded()
    {
        if (_acknowledged >= _lastEnded)
            return;
        _acknowledged = _lastEnded;
        Tell(new PoolProtocol.AcknowledgeJobsEnded(_lastEnded));
    }

    public void SendComparison()
    {
        if (_isReconnecting)
            return;
        (_comparedAt, _acknowledged) = (_submitted, _lastEnded);
        Tell(new PoolProtocol.ComparePool(_acknowledged, [.. _cancelRequests]));
        if (_attached.Count > 0)
            Tell(new PoolProtocol.AttachToJobs([.. _attached]));
    }

    public void OnCompared(PoolProtocol.ComparePoolReply compared)
    {
        if (_isReconnecting)
            return;
        var known = _spec.IsDurable ? compared.Accepted : compared.Submitted;
        ForgetAccepted(known);
        foreach (var lost in _unaccepted.Where(sent => sent.Number > compared.Submitted && sent.Number <= _comparedAt))
            SendSubmission(lost, wantsAck: true);
        if (_lastToAcknowledge <= known)
            _isSending = false;
        SendGathered();
        ResendLastRequestUnlessKnown(compared.Ending);
    }

    public bool IsWatching() => _isWatched = _pending.Count > 0 || _isSending || _lastRequest is not null;

    public void EndSession()
    {
        HasEnded = true;
        foreach (var job in _pending.Keys.ToList())
            DropJob(job, _hasFailed ? JobStatus.PoolFailed : JobStatus.PoolTerminated);
    }

    private void EndWithLoss()
    {
        HasEnded = true;
        foreach (var job in _pending.Keys.ToList())
            DropJob(job, JobStatus.WorkerLost);
    }

    private void DropJob(long job, JobStatus status)
    {
        _pending.Remove(job);
        _world.OnDropped(new JobId(job), status);
    }

    private void CloseWhenSent()
    {
        if (!_closesWhenSent || _isReconnecting || !_wasOpen)
            return;
        _closesWhenSent = false;
        SendAll();
        SendLastRequest(new PoolProtocol.ClosePool());
    }

    private void SendAll()
    {
        _isSending = false;
        SendGathered();
    }

    private void SendLastRequest(object request)
    {
        _lastRequest = request;
        TellRequest(request);
        StartWatching();
    }

    private void SendGathered()
    {
        if (_isSending || _gathered.Count == 0)
            return;
        var jobs = _gathered.ToImmutable();
        _gathered = ImmutableArray.CreateBuilder<JobSpec>();
        _isSending = !(jobs.Length == 1 && !_spec.IsDurable && _pending.Count == 1);
        _lastSent = Math.Max(_lastSent, jobs[^1].Id.Value);
        if (_spec.IsDurable)
            _unwrittenAcks.OnSubmitted();
        SubmitBatch(jobs, _isSending);
        SendCancelled();
    }

    private void SendCancelled()
    {
        var known = _cancelled.Where(IsSent).ToImmutableArray();
        if (!known.IsEmpty)
        {
            Tell(new PoolProtocol.CancelJobs(known));
            _cancelRequests.UnionWith(known);
            _cancelled.RemoveAll(IsSent);
        }

        var withdrawn = _withdrawn.Where(IsSent).ToImmutableArray();
        if (withdrawn.IsEmpty)
            return;
        Tell(new PoolProtocol.WithdrawJobs(withdrawn));
        _withdrawn.RemoveAll(IsSent);
    }

    private bool IsSent(JobId job) => job.Value <= _lastSent;

    private void SubmitBatch(ImmutableArray<JobSpec> jobs, bool wantsAck)
    {
        var submission = new Submission(++_submitted, jobs);
        _unaccepted.Enqueue(submission);
        SendSubmission(submission, wantsAck);
        StartWatching();
    }

    private void SendSubmission(Submission submission, bool wantsAck)
    {
        if (wantsAck)
            _lastToAcknowledge = submission.Number;
        _acknowledged = _lastEnded;
        Tell(new PoolProtocol.SubmitJobs(submission.Jobs, wantsAck, submission.Number, _acknowledged));
    }

    private void ForgetAccepted(long number)
    {
        while (_unaccepted.TryPeek(out var first) && first.Number <= number)
        {
            _unaccepted.Dequeue();
            foreach (var job in first.Jobs)
                _world.OnAcknowledged(job.Id);
            if (_spec.IsDurable)
                _unwrittenAcks.OnAccepted();
        }
    }

    private void StartWatching()
    {
        if (_isWatched)
            return;
        _isWatched = true;
        _self?.WatchJobs();
    }

    private void ResendLastRequestUnlessKnown(PoolProtocol.PoolEnding ending)
    {
        if (_lastRequest is PoolProtocol.ClosePool && ending < PoolProtocol.PoolEnding.Closed)
            TellRequest(_lastRequest);
    }

    private void TellRequest(object request)
    {
        if (request is PoolProtocol.ClosePool && _world.Bug != PlantedBug.CloseBeforeSubmission)
            Tell(new PoolProtocol.ClosePool(_submitted));
        else
            Tell(request);
    }

    private void Tell(object message)
    {
        if (_self is { } self && _pool is { } pool)
            self.Tell(pool, message);
    }

    private readonly record struct Submission(long Number, ImmutableArray<JobSpec> Jobs);

    private sealed class PendingJob(JobId id, JobSpec? spec)
    {
        public JobId Id => id;

        public JobSpec? Spec => spec;

        public bool IsCancelled { get; set; }
    }
}
