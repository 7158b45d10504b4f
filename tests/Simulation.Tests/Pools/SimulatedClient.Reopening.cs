using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>Opens the pool, and opens it again after the loss of its coordinator.</summary>
internal sealed partial class SimulatedClient
{
    private readonly UnwrittenAcks _unwrittenAcks = new();
    private SimulatedCoordinator? _coordinator;

    public void OnOpened(ClientConnection by, SimulatedPart pool, PoolProtocol.PoolOpened opened)
    {
        if (by != _self)
            return;
        _pool = pool;
        _isReconnecting = false;
        (_submitted, _lastToAcknowledge, _comparedAt, _lastEnded, _acknowledged, _isWatched) = (0, 0, 0, 0, 0, false);
        if (!_wasOpen)
        {
            _lastSent = opened.LastJob.Value;
            (_wasOpen, _isClosed) = (true, opened.IsClosed);
            _world.OnFirstOpened(opened.LastJob);
            SendGathered();
            CloseWhenSent();
            if (_pending.Count > 0)
                StartWatching();
        }
        else if (RetainsJobs)
        {
            ResubmitJobs();
        }
        else
        {
            ResumeDurablePool(opened.LastJob);
        }
    }

    public void OnLost(ClientConnection by, bool withCoordinator)
    {
        if (by != _self || HasEnded)
            return;
        _self = null;
        if (!CanReopen || (RetainsJobs && _wasOpen && !withCoordinator && ++_endsAlone > MaxEndsAlone))
        {
            EndWithLoss();
            return;
        }

        (_pool, _isSending, _isReconnecting, _hasFailed) = (null, _wasOpen, _wasOpen, false);
        _withdrawn.Clear();
        _world.Schedule(TimeSpan.FromMilliseconds(100), null, Reopen);
    }

    private void Reopen()
    {
        if (!Host.IsAlive || _self is not null)
            return;
        if (_world.ChooseCoordinator(_coordinator) is not { } next)
        {
            _world.Schedule(TimeSpan.FromMilliseconds(100), null, Reopen);
            return;
        }

        if (next != _coordinator)
            _endsAlone = 0;
        OpenAt(next);
    }

    private void OpenAt(SimulatedCoordinator coordinator)
    {
        _coordinator = coordinator;
        var id = _spec.IsDurable ? PoolId.FromName(_spec.Name) : new PoolId(_world.NextGuid());
        _self = new ClientConnection(_world, this, coordinator, new PoolProtocol.OpenPool(id, _spec));
    }

    private void ResubmitJobs()
    {
        var lost = _pending.Values.Where(job => job.Spec is { Policy.IsAtMostOnce: true } && IsSent(job.Id)).ToList();
        if (_world.Bug == PlantedBug.ResubmitAtMostOnce)
            lost.Clear();
        _gathered.Clear();
        _cancelled.Clear();
        _cancelRequests.Clear();
        _unaccepted.Clear();
        _lastSent = 0;
        foreach (var job in _pending.Values.Except(lost).ToList())
        {
            if (job.IsCancelled)
                EndJobs([new JobOutcome(job.Id, JobStatus.Cancelled, default, null, 0)]);
            else if (job.Spec is { } spec)
                _gathered.Add(spec);
        }

        _isSending = false;
        SendGathered();
        if (_lastRequest is PoolProtocol.ClosePool)
            (_closesWhenSent, _lastRequest) = (true, null);
        CloseWhenSent();
        foreach (var job in lost)
            DropJob(job.Id.Value, JobStatus.WorkerLost);
    }

    private void ResumeDurablePool(JobId lastAccepted)
    {
        ResendOutcomeAcks();
        while (_unaccepted.TryPeek(out var first) && first.Jobs[^1].Id.Value <= lastAccepted.Value)
        {
            foreach (var job in _unaccepted.Dequeue().Jobs)
                _world.OnAcknowledged(job.Id);
        }

        ReattachJobs(lastAccepted);
        var unaccepted = _unaccepted.ToList();
        _unaccepted.Clear();
        foreach (var submission in unaccepted)
        {
            _unwrittenAcks.OnSubmitted();
            SubmitBatch(submission.Jobs, wantsAck: true);
        }

        var cancelled = _pending.Values.Where(job => job.IsCancelled).Select(job => job.Id).ToImmutableArray();
        if (!cancelled.IsEmpty)
            Tell(new PoolProtocol.CancelJobs(cancelled));
        _isSending = _unaccepted.Count > 0;
        SendGathered();
        if (_lastRequest is not null)
        {
            SendAll();
            TellRequest(_lastRequest);
        }

        CloseWhenSent();
        if (_pending.Count > 0 || _lastRequest is not null)
            StartWatching();
    }

    private void ReattachJobs(JobId lastAccepted)
    {
        var unsent = _unaccepted.SelectMany(sent => sent.Jobs).Concat(_gathered).Select(job => job.Id).ToHashSet();
        _attached.UnionWith(_pending.Values.Select(job => job.Id)
            .Where(id => id.Value <= lastAccepted.Value || !unsent.Contains(id)));
        if (_attached.Count > 0)
            Tell(new PoolProtocol.AttachToJobs([.. _attached]));
    }

    private void ForgetOutcomes(ImmutableArray<JobId> jobs)
    {
        _unwrittenAcks.AddJobs(jobs);
        Tell(new PoolProtocol.ForgetOutcomes(jobs));
    }

    private void ResendOutcomeAcks()
    {
        _unwrittenAcks.OnLost();
        if (!_unwrittenAcks.Jobs.IsEmpty)
            Tell(new PoolProtocol.ForgetOutcomes(_unwrittenAcks.Jobs));
    }
}
