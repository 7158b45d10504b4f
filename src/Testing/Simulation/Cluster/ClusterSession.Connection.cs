using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Delivery;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Pools;
using Actors.Pools;

namespace Actors.Testing;

/// <summary>The messages between client and pool, and the loss of the coordinator.</summary>
internal sealed partial class ClusterSession
{
    private static readonly TimeSpan OpenInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CompareInterval = TimeSpan.FromSeconds(1);

    /// <summary>A coordinator that is silent for this time is considered lost.</summary>
    private static readonly TimeSpan CoordinatorLease = TimeSpan.FromSeconds(6);

    private readonly List<WorkerInfo> _workers = [];
    private readonly Dictionary<JobId, int> _starts = [];
    private readonly Dictionary<JobId, TaskCompletionSource> _withdrawals = [];
    private readonly List<JobSpec> _unsent = [];
    private UnacknowledgedMessages<PoolProtocol.SubmitJobs> _unaccepted = new();
    private MessageSequence<PoolProtocol.JobsEnded> _ended = new();
    private SimulatedPool? _pool;
    private PoolId _poolId;
    private IWireMessage? _lastRequest;
    private TimeSpan _heardAt;
    private long _lastWorker;
    private bool _isComparing;
    private bool _asksForAcceptance;

    /// <summary>The number of refused results of the pool.</summary>
    public long StaleCompletions { get; private set; }

    /// <summary>Opens the pool, and repeats that until a coordinator answers.</summary>
    public void Open()
    {
        _poolId = _cluster.NewPoolId();
        SendOpen(_poolId);
    }

    /// <summary>Notes that the coordinator has opened the pool.</summary>
    public void OnOpened(SimulatedPool pool)
    {
        if (_pool is not null || pool.Coordinator != _cluster.Coordinator || _finished.Task.IsCompleted)
            return;
        (_pool, _heardAt) = (pool, _cluster.Now);
        foreach (var spec in _unsent)
            SendSubmission(spec);
        _unsent.Clear();
        if (_lastRequest is not null)
            Send(_lastRequest);
        AskForAcceptance();
        StartComparing();
    }

    /// <summary>Handles a message of the pool.</summary>
    public void Receive(SimulatedPool from, IWireMessage message)
    {
        if (from != _pool)
            return;
        _heardAt = _cluster.Now;
        StaleCompletions = from.StaleCompletions;
        switch (message)
        {
            case PoolProtocol.JobsEnded ended: AcceptEnded(ended); break;
            case PoolProtocol.ComparePoolReply reply: SendMissing(reply); break;
            case PoolProtocol.JobsNotWithdrawn not: OnNotWithdrawn(not.Jobs); break;
            case PoolProtocol.PoolFailed failed: FailPool(failed.Reason); break;
            case PoolProtocol.PoolFinished finished when _ended.Last >= finished.LastEnded: Finish(); break;
            case PoolProtocol.MapProgressReport report: ReceiveProgress(report); break;
            case PoolProtocol.WorkerStarted started: AddWorker(started); break;
            case PoolProtocol.WorkerEnded ended: RemoveWorker(ended); break;
        }
    }

    private void ReceiveProgress(PoolProtocol.MapProgressReport report) =>
        _pending.FindJob(report.Job.Value)?.ReceiveProgress(report.Items, report.Value);

    /// <summary>Opens the pool anew after the loss of its coordinator. Jobs that must not run twice end.</summary>
    public void OnCoordinatorLost(SimulatedCoordinator? lost)
    {
        if (_finished.Task.IsCompleted || (_pool is not null && lost is not null && _pool.Coordinator != lost))
            return;
        _cluster.Scheduler.MarkProgress();
        var wasOpen = _pool is not null;
        (_pool, _unaccepted, _ended) = (null, new(), new());
        lock (_access)
            _workers.Clear();
        if (_lastRequest is PoolProtocol.TerminatePool)
        {
            Finish();
            return;
        }

        var unsent = _unsent.Select(spec => spec.Id).ToHashSet();
        foreach (var job in _pending.All.OrderBy(job => job.Id.Value))
            ResubmitJob(job, isSent: wasOpen && !unsent.Contains(job.Id));
        Open();
    }

    private void ResubmitJob(PendingJob job, bool isSent)
    {
        if (!isSent)
            return;
        if (job.Spec is { Policy.IsAtMostOnce: true })
        {
            EndJob(job.Id, pending => pending.EndWith(new CoordinatorLostException(
                "The coordinator was lost after an at-most-once job may have started; it will not be retried.")));
        }
        else if (job.IsCanceled)
        {
            EndJob(new JobOutcome(job.Id, JobStatus.Canceled, default, null, 0));
        }
        else
        {
            _unsent.Add(job.Spec!);
        }
    }

    private void SendOpen(PoolId id)
    {
        if (_pool is not null || id != _poolId || _finished.Task.IsCompleted)
            return;
        if (_cluster.Coordinator is { } coordinator)
            _cluster.SendFromClient(coordinator, () => coordinator.OpenPool(this, id, _spec));
        _cluster.Clock.StartBackgroundTimer(OpenInterval, () => SendOpen(id));
    }

    private void SendSubmission(JobSpec spec)
    {
        if (_pool is null)
        {
            _unsent.Add(spec);
            return;
        }

        var submit = new PoolProtocol.SubmitJobs([spec], WantsReply: false, _unaccepted.Last + 1, _ended.Last);
        _unaccepted.Add(submit);
        Send(submit);
        StartComparing();
    }

    private void SendLastRequest(IWireMessage request)
    {
        _lastRequest = request;
        Send(request);
        StartComparing();
    }

    private void Send(IWireMessage message)
    {
        if (_pool is { } pool)
            _cluster.SendFromClient(pool.Coordinator, () => pool.ReceiveFromClient(message));
    }

    private void AcceptEnded(PoolProtocol.JobsEnded ended)
    {
        AcknowledgeSubmissions(ended.Submitted);
        if (_ended.TryAccept(ended.Number, ended))
        {
            EndJobs(ended.Outcomes);
            while (_ended.TryAcceptEarly(out var early))
                EndJobs(early.Outcomes);
        }

        Send(new PoolProtocol.AcknowledgeJobsEnded(_ended.Last));
    }

    private void EndJobs(ImmutableArray<JobOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
            EndJob(outcome);
    }

    private void EndJob(JobOutcome outcome) =>
        EndJob(outcome.Id, job => _tally.CountJob(job, outcome.Status, job.EndWith(outcome)));

    private void EndJob(JobId id, Action<PendingJob> end)
    {
        _starts.Remove(id);
        if (!_pending.TryRemove(id.Value, out var job))
            return;
        _cluster.Scheduler.MarkProgress();
        ReleaseJob(job);
        _withdrawals.Remove(id);
        var before = ObjectChannel.UseForThread(_cluster.ClientObjects);
        end(job);
        ObjectChannel.UseForThread(before);
    }

    /// <summary>Sends again the messages that the pool has not received.</summary>
    private void SendMissing(PoolProtocol.ComparePoolReply reply)
    {
        AcknowledgeSubmissions(reply.Submitted);
        _asksForAcceptance &= _unaccepted.All.Count > 0 || _unsent.Count > 0;
        foreach (var submit in _unaccepted.All)
            Send(submit);
        if (_lastRequest is PoolProtocol.TerminatePool || (_lastRequest is not null && reply.Ending == PoolProtocol.PoolEnding.Open))
            Send(_lastRequest);
    }

    /// <summary>Asks which submissions have arrived, if the program wants to know. Asked again when the connection is new.</summary>
    private void AskForAcceptance()
    {
        if (_asksForAcceptance)
            SendComparison();
    }

    private void AcknowledgeSubmissions(long number)
    {
        foreach (var submit in _unaccepted.All.TakeWhile(submit => submit.Number <= number))
        {
            foreach (var job in submit.Jobs)
                _pending.FindJob(job.Id.Value)?.MarkAccepted();
        }

        _unaccepted.Acknowledge(number);
    }

    private void OnNotWithdrawn(ImmutableArray<JobId> jobs)
    {
        foreach (var job in jobs)
        {
            if (_withdrawals.Remove(job, out var started))
                started.TrySetResult();
        }
    }

    private void FailPool(FailureInfo reason)
    {
        lock (_access)
            _failure = OutcomeExceptions.PoolFailed(reason);
    }

    private void Finish()
    {
        _cluster.Scheduler.MarkProgress();
        if (_failure is { } failure)
            EndAllJobs(failure);
        _shares.RemoveAll();
        _finished.TrySetResult(_tally.ToSummary());
    }

    private void AddWorker(PoolProtocol.WorkerStarted started)
    {
        var info = new WorkerInfo(started.Executor, started.Node, started.ProcessId, hasExited: false, exitCode: null)
        {
            Number = ++_lastWorker,
            Session = this,
        };
        lock (_access)
            _workers.Add(info);
        WorkerChanged?.Invoke(info);
    }

    private void RemoveWorker(PoolProtocol.WorkerEnded ended)
    {
        lock (_access)
            _workers.RemoveAll(worker => worker.Id == ended.Executor);
        WorkerChanged?.Invoke(new WorkerInfo(ended.Executor, ended.Node, ended.ProcessId, hasExited: true, ended.Exit.ExitCode));
    }

    /// <summary>Starts to compare with the pool, if messages can be lost.</summary>
    public void StartComparing()
    {
        if (_isComparing || !_cluster.Network.IsFaulty || _finished.Task.IsCompleted)
            return;
        (_isComparing, _heardAt) = (true, _cluster.Now);
        _cluster.Clock.StartBackgroundTimer(CompareInterval, Compare);
    }

    private void Compare()
    {
        if (_finished.Task.IsCompleted)
        {
            _isComparing = false;
            return;
        }

        SendComparison();
        if (_pool is not null && _cluster.Now - _heardAt > CoordinatorLease)
            OnCoordinatorLost(_pool.Coordinator);
        _cluster.Clock.StartBackgroundTimer(CompareInterval, Compare);
    }

    private void SendComparison()
    {
        ImmutableArray<JobId> canceled = [.. _pending.All.Where(job => job.IsCanceled).Select(job => job.Id)];
        Send(new PoolProtocol.ComparePool(_ended.Last, canceled));
    }
}
