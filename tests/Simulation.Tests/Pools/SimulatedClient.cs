using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>The real <see cref="ClientPoolState"/>, with the actions of <c>PoolSession</c>, which opens a lost pool again.</summary>
internal sealed class SimulatedClient : ISimulatedClient
{
    private static readonly TimeSpan ReopenPause = TimeSpan.FromMilliseconds(100);

    private readonly PoolWorld _world;
    private readonly ClientPlace _place;
    private readonly PoolSpec _spec;
    private readonly SessionId _session;
    private readonly ClientPoolState _state;
    private readonly List<SimulatedJob> _unaccepted = [];
    private readonly HashSet<JobId> _sent = [];
    private readonly HashSet<JobId> _arrived = [];

    /// <summary>The jobs whose outcome code has received, or has caused by terminating the pool.</summary>
    private readonly HashSet<JobId> _received = [];
    private readonly HashSet<JobId> _acknowledged = [];

    /// <summary>The outcomes that are acknowledged before the program has left.</summary>
    private JobId[] _owedAcks = [];
    private SimulatedPart? _pool;
    private ClientConnection? _self;
    private SimulatedCoordinator? _coordinator;
    private bool _hasLeft;
    private bool _isFinished;
    private bool _isFinishDue;

    public SimulatedClient(PoolWorld world, ClientPlace place)
    {
        (_world, _place, _spec, _session) = (world, place, place.Spec, new SessionId(world.NextGuid()));
        Host = world.CreateHost("client");
        _state = new ClientPoolState(new ClientPoolRules
        {
            Name = _spec.Name,
            IsDurable = _spec.IsDurable,
            IsRemote = true,
            CanReopen = _spec.IsDurable || world.Coordinators.Count > 1,
        });
    }

    public SimulatedHost Host { get; }

    public bool HasEnded => _state.HasEnded;

    public int Pending => _state.PendingJobs;

    public bool IsEndExpected => _state.IsEndExpected;

    public bool HasFinished => _state.HasFinished;

    public bool CanSubmit => Host.IsAlive && !_hasLeft && !_world.IsClosedByName && _state.WasOpen && _state.FindRefusal() is null;

    public void Start() => OpenAt(_world.ChooseCoordinator(null)!);

    public void SubmitJob(SubmittedJob job)
    {
        var pending = new SimulatedJob { Submitted = job };
        var spec = _state.AddJob(pending, job.Function, job.Arguments, job.Policy);
        _world.OnSubmitted(_place, spec, job);
        if (_world.Bug == PlantedBug.ResubmitAtMostOnce && pending.Spec is not null)
            pending.Spec = spec with { Policy = spec.Policy with { MaxAttempts = Math.Max(2, spec.Policy.MaxAttempts) } };
        TrackReceipt(pending);
        _unaccepted.Add(pending);
        _state.SendJob(spec);
        if (!_spec.IsDurable && spec.Id.Value % 7 == 0)
            _state.RequestAcceptance(pending);
        CarryOutEffects();
    }

    public bool CancelJob(JobId job)
    {
        if (_state.FindJob(job) is not { } pending)
            return false;
        _world.OnCanceled(job);
        _state.CancelJob(pending);
        CarryOutEffects();
        return true;
    }

    public void WithdrawJob(JobId job)
    {
        if (!_state.IsConnected || _state.FindJob(job) is null)
            return;
        _world.OnWithdrawn(job);
        _state.WithdrawJob(job);
        CarryOutEffects();
    }

    public void AttachJob(JobId job)
    {
        if (HasEnded || !Host.IsAlive || _state.FindJob(job) is not null)
            return;
        var pending = new SimulatedJob { Id = job };
        TrackReceipt(pending);
        _state.AttachJobs([pending]);
        CarryOutEffects();
    }

    public void ClosePool(bool cancelPending)
    {
        _state.Close(cancelPending);
        CarryOutEffects();
    }

    public void TerminatePool()
    {
        DropJobs(_state.BeginTermination(), JobStatus.PoolTerminated);
        _state.RequestTermination();
        CarryOutEffects();
        if (_state.EndsWithoutPool)
            EndSession();
    }

    public void Leave()
    {
        _hasLeft = true;
        if (_spec.IsDurable)
        {
            _owedAcks =
                [.. _received.Except(_acknowledged).Where(job => _world.Store.HasEnded(job) && !_world.Store.HasForgotten(job))];
        }

        _state.Detach();
        CarryOutEffects();
    }

    public void Crash() => _world.KillHost(Host);

    public void OnOpened(ClientConnection by, SimulatedPart pool, PoolProtocol.PoolOpened opened)
    {
        if (by != _self)
            return;
        _pool = pool;
        var isFirst = !_state.WasOpen;
        if (_spec.IsDurable)
            _world.OnSessionOpened(_session, opened.Range, _spec);
        LoseJobs(_state.OnOpened(opened));
        CarryOutEffects();
        if (isFirst)
            _world.OnFirstOpened(_place);
    }

    public void OnFailed(PoolProtocol.PoolFailed failed) => _state.OnFailed(new PoolFailedException(failed.Reason.Message));

    public void OnAccepted(long number)
    {
        _state.OnAccepted(number);
        CarryOutEffects();
    }

    public void OnKeyedAccepted(PoolProtocol.KeyedJobsAccepted accepted)
    {
        var conflicts = _state.OnKeyedAccepted(accepted);
        foreach (var (job, reason) in conflicts)
        {
            var refused = (SimulatedJob)job;
            refused.HasEnded = true;
            _world.OnConflict(_place, refused.Id, refused.Submitted!, new JobId(reason.JobId));
        }

        CarryOutEffects();
    }

    /// <summary>The pool was deleted and created again.</summary>
    public void OnRefused(string reason)
    {
        _world.Require(_hasLeft || _world.IsClosedByName, Invariant.AcceptedStays, $"A client was refused: {reason}");
        DropJobs(_state.EndWithLoss(new PoolTerminatedException(reason)), JobStatus.PoolTerminated);
    }

    public void OnJobsEnded(PoolProtocol.JobsEnded message)
    {
        List<EndedJob> ended = [];
        _state.OnJobsEnded(message, ended);
        CarryOutEffects();
        EndJobs(ended);
    }

    public void OnCompared(PoolProtocol.ComparePoolReply compared)
    {
        _state.OnCompared(compared);
        CarryOutEffects();
    }

    public TimeSpan? OnCompareTick()
    {
        var pause = _state.OnCompareTick();
        CarryOutEffects();
        return pause;
    }

    public void OnFinished(PoolProtocol.PoolFinished finished)
    {
        _state.OnFinished(finished);
        CarryOutEffects();
    }

    /// <summary>
    /// Ends the session if the state has reported that. The program may receive more outcomes of a durable pool, and disposes it after some
    /// time.
    /// </summary>
    /// <returns>Whether the session has ended.</returns>
    public bool TryFinishSession()
    {
        if (!_isFinishDue)
            return false;
        _isFinishDue = false;
        if (!HasFinished)
            return false;
        EndSession(static state => state.FinishSession());
        if (HasEnded || _isFinished)
            return HasEnded;
        _isFinished = true;
        if (_world.Bug == PlantedBug.AcknowledgeAtEnd)
            Send(new PoolProtocol.ForgetOutcomes([.. _arrived]));
        _world.Schedule(TimeSpan.FromMilliseconds(100 + _state.Range % 5 * 800), null, () =>
        {
            if (Host.IsAlive)
                Leave();
        });
        return false;
    }

    public void EndSession() => EndSession(static state => state.EndSession());

    private void EndSession(Func<ClientPoolState, (Exception Reason, IReadOnlyCollection<PendingJob> Jobs)> end)
    {
        var hasFailed = _state.Failure is not null;
        var (_, jobs) = end(_state);
        CarryOutEffects();
        foreach (var job in HasEnded && _hasLeft ? _owedAcks : [])
            _world.Require(_acknowledged.Contains(job), Invariant.Retained, $"The received job {job} was not acknowledged at the end.");
        DropJobs(jobs, hasFailed ? JobStatus.PoolFailed : JobStatus.PoolTerminated);
    }

    public void OnLost(ClientConnection by, bool withCoordinator)
    {
        var response = _state.OnLost(by == _self, withCoordinator);
        CarryOutEffects();
        if (response == PoolLossResponse.Ignore || HasEnded)
            return;
        // A program repeats its first attempt.
        if (response == PoolLossResponse.Fail && _state.WasOpen)
        {
            DropJobs(_state.EndWithLoss(new CoordinatorLostException("The coordinator was lost.")), JobStatus.WorkerLost);
            return;
        }

        (_pool, _self) = (null, null);
        _world.Schedule(ReopenPause, null, Reopen);
    }

    private void Reopen()
    {
        if (!Host.IsAlive || _self is not null)
            return;
        if (_world.ChooseCoordinator(_coordinator) is not { } next)
        {
            _world.Schedule(ReopenPause, null, Reopen);
            return;
        }

        if (next != _coordinator)
            _state.OnCoordinatorChanged();
        OpenAt(next);
    }

    private void OpenAt(SimulatedCoordinator coordinator)
    {
        _coordinator = coordinator;
        var id = _spec.IsDurable ? PoolId.FromName(_spec.Name) : new PoolId(_world.NextGuid());
        var open = _spec.IsDurable
            ? new PoolProtocol.OpenPool(id, _spec, _session, _state.Range, PoolBuilds.FunctionsOf(_spec.Bundle))
            : new PoolProtocol.OpenPool(id, _spec);
        _self = new ClientConnection(_world, this, coordinator, open);
    }

    /// <summary>Lets code receive the outcomes of some jobs of a durable pool late.</summary>
    private void TrackReceipt(SimulatedJob job)
    {
        if (_spec.IsDurable && job.Id.Value % 3 == 0)
            job.TrackReceipt(OnReceived);
    }

    private void OnReceived(JobId job)
    {
        if (!Host.IsAlive)
            return;
        _received.Add(job);
        _state.MarkReceived(job);
        _state.StartComparing();
        CarryOutEffects();
    }

    private void CarryOutEffects()
    {
        while (_state.TryTakeEffect(out var effect))
        {
            switch (effect)
            {
                case ClientPoolEffect.SendMessage send: Send(send.Message); break;
                case ClientPoolEffect.StartComparing start: _self?.CompareAfter(start.Pause); break;
                case ClientPoolEffect.StartUpload upload: UploadLater(upload.Job); break;
                case ClientPoolEffect.EndJobs end: EndLocally(end.Outcomes); break;
                case ClientPoolEffect.FinishSession: _isFinishDue = true; break;
            }
        }

        ReportAccepted();
    }

    private void Send(IWireMessage message)
    {
        if (_self is not { } self || _pool is not { } pool)
            return;
        if (message is PoolProtocol.SubmitJobs submit)
            _sent.UnionWith(submit.Jobs.Select(job => job.Id));
        if (message is PoolProtocol.ForgetOutcomes forget)
            AcknowledgeOutcomes(forget);
        self.Tell(pool, message is PoolProtocol.ClosePool && _world.Bug == PlantedBug.CloseBeforeSubmission
            ? new PoolProtocol.ClosePool()
            : message);
    }

    private void AcknowledgeOutcomes(PoolProtocol.ForgetOutcomes forget)
    {
        foreach (var job in forget.Jobs)
            _world.Require(_received.Contains(job), Invariant.Retained, $"The outcome of job {job} is acknowledged, and no code has it.");
        _acknowledged.UnionWith(forget.Jobs);
        _world.OnForgetting(_place, forget.Jobs);
    }

    private void UploadLater(JobSpec job)
    {
        var pool = _pool;
        _world.Schedule(TimeSpan.FromMilliseconds(5 + job.Id.Value * 53 % 2000), null, () =>
        {
            if (!Host.IsAlive || pool != _pool)
                return;
            if (JobBehavior.FailsUpload(job.Id))
                _state.OnUploadFailed(job.Id, new IOException("The upload fails."));
            else
                _state.OnUploaded(job with { Arguments = default, Stored = StoredPayloadOf(job) });
            CarryOutEffects();
        });
    }

    private StoredPayload StoredPayloadOf(JobSpec job) => new(new PayloadId(_world.NextGuid()), job.Arguments.Length, default);

    private void ReportAccepted()
    {
        foreach (var job in _unaccepted.Where(job => job.IsAccepted))
            _world.OnAcknowledged(_place, job.Id, job.Submitted!);
        _unaccepted.RemoveAll(job => job.IsAccepted || job.HasEnded);
    }

    private void EndLocally(ImmutableArray<JobOutcome> outcomes)
    {
        List<EndedJob> ended = [];
        _state.TakeEnded(outcomes, ended);
        EndJobs(ended);
    }

    private void EndJobs(List<EndedJob> ended)
    {
        foreach (var (outcome, job) in ended)
        {
            _world.OnOutcomeArrived(outcome);
            for (var handle = (SimulatedJob?)job; handle is not null; handle = (SimulatedJob?)handle.Next)
                EndHandle(handle, outcome);
        }

        CarryOutEffects();
    }

    private void EndHandle(SimulatedJob handle, JobOutcome outcome)
    {
        _world.Require(!handle.HasEnded, Invariant.EndsOnce, $"Job {handle.Id} ended twice for a client.");
        handle.EndWith(outcome);
        _world.OnEnded(outcome);
        _arrived.Add(outcome.Id);
        if (!handle.IsReceiptTracked || outcome.Status == JobStatus.PoolTerminated)
            _received.Add(outcome.Id);
        if (handle.IsReceiptTracked && !handle.MarkEnded())
            _world.Schedule(TimeSpan.FromMilliseconds(handle.Id.Value * 37 % 3000), null, handle.MarkRequested);
    }

    /// <summary>Ends at-most-once jobs that may have begun at the lost coordinator.</summary>
    private void LoseJobs(IReadOnlyCollection<PendingJob> jobs)
    {
        foreach (var job in jobs)
            _world.Require(_sent.Contains(job.Id), Invariant.Reason, $"Job {job.Id} was lost, and never sent.");
        DropJobs(jobs, JobStatus.WorkerLost);
    }

    private void DropJobs(IEnumerable<PendingJob> jobs, JobStatus status)
    {
        foreach (var job in jobs)
        {
            var dropped = (SimulatedJob)job;
            dropped.HasEnded = true;
            if (!_hasLeft)
                _world.OnDropped(this, job.Id, status);
            else if (!job.IsAccepted)
                _world.CheckLeft(job.Id, dropped.Submitted);
        }
    }

    private sealed class SimulatedJob : PendingJob
    {
        private Action<JobId>? _received;

        public bool HasEnded { get; set; }

        /// <summary>The submission; null for an attached job.</summary>
        public SubmittedJob? Submitted { get; init; }

        public override Exception? Complete(JobOutcome outcome)
        {
            HasEnded = true;
            return null;
        }

        public override void Fail(Exception exception) => HasEnded = true;

        /// <summary>Retains the outcome until code has received it.</summary>
        public void TrackReceipt(Action<JobId> received) => (_received, IsReceiptTracked) = (received, true);

        public override void ConfirmReceipt() => _received?.Invoke(Id);
    }
}
