using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Pools;
using Actors.Pools;

namespace Actors.Testing;

/// <summary>The messages of the pool, the loss of the coordinator, and the ends of jobs. Runs in steps of the simulation.</summary>
internal sealed partial class ClusterSession
{
    private static readonly TimeSpan ReopenPause = TimeSpan.FromMilliseconds(100);

    private readonly List<WorkerInfo> _workers = [];
    private long _lastWorker;

    /// <summary>The number of refused results of the pool.</summary>
    public long StaleCompletions { get; private set; }

    /// <summary>Opens the pool.</summary>
    public void Open()
    {
        if (!_ended.Task.IsCompleted)
            _connection = new PoolConnection(_cluster, this);
    }

    /// <summary>Checks from now on whether the coordinator is there and no message is lost.</summary>
    public void ExpectFaults() => _connection?.ExpectFaults();

    /// <summary>Opens the pool anew if this was its coordinator.</summary>
    public void OnCoordinatorLost(SimulatedCoordinator lost)
    {
        if (_connection is { Pool: { } pool } && pool.Coordinator == lost)
            OnCoordinatorLost();
    }

    /// <summary>Opens the pool anew after the loss of its coordinator.</summary>
    public void OnCoordinatorLost() => LosePool(
        new CoordinatorLostException("The coordinator of this pool was lost; its jobs are lost."), withCoordinator: true);

    /// <summary>Opens the pool anew after its loss, or ends with the reason.</summary>
    public void LosePool(Exception reason, bool withCoordinator)
    {
        _cluster.Scheduler.MarkProgress();
        _connection!.Stop();
        var response = Update(state =>
        {
            _inquiries.CompleteAll();
            _withdrawals.CompleteAll();
            _workers.Clear();
            return state.OnLost(isCurrent: true, withCoordinator);
        });
        switch (response)
        {
            case PoolLossResponse.Reopen: Open(); break;
            // The store may work again.
            case PoolLossResponse.FailAttempt: _cluster.Clock.StartBackgroundTimer(ReopenPause, Open); break;
            case PoolLossResponse.Fail: EndWithLoss(reason); break;
        }
    }

    /// <summary>Sends the jobs to the open pool. Those that must not be sent twice end.</summary>
    public void OnOpened(PoolProtocol.PoolOpened opened)
    {
        var lost = Update(state => state.OnOpened(opened));
        var ends = new EndExceptions(new CoordinatorLostException(
            "The coordinator was lost after an at-most-once job may have started; it will not be retried."));
        foreach (var job in lost)
            LoseJob(job, ends.GetException(job), JobStatus.WorkerLost);
        _opened.TrySetResult();
    }

    /// <summary>Handles a message of the pool.</summary>
    public void Receive(IClientPool from, IWireMessage message)
    {
        StaleCompletions = from.StaleCompletions;
        switch (message)
        {
            case PoolProtocol.JobsAccepted accepted: Update(state => state.OnAccepted(accepted.Number)); break;
            case PoolProtocol.KeyedJobsAccepted accepted: OnKeyedAccepted(accepted); break;
            case PoolProtocol.JobsEnded ended: EndJobs((state, jobs) => state.OnJobsEnded(ended, jobs)); break;
            case PoolProtocol.ComparePoolReply reply: Update(state => state.OnCompared(reply)); break;
            case PoolProtocol.JobsNotWithdrawn not: OnNotWithdrawn(not.Jobs); break;
            case PoolProtocol.QueryJobReply reply: Update(_ => _inquiries.CompleteQuery(reply.Job, reply.IsRunning)); break;
            case PoolProtocol.PoolFailed failed: Update(state => state.OnFailed(OutcomeExceptions.PoolFailed(failed.Reason))); break;
            case PoolProtocol.PoolFinished finished: Update(state => state.OnFinished(finished)); break;
            case PoolProtocol.MapProgressReport report: ReceiveProgress(report); break;
            case PoolProtocol.WorkerStarted started: AddWorker(started); break;
            case PoolProtocol.WorkerEnded ended: RemoveWorker(ended); break;
        }

        FinishIfComplete();
    }

    /// <returns>The time until the next call; null when nothing is outstanding.</returns>
    public TimeSpan? OnCompareTick()
    {
        var pause = Update(static state => state.OnCompareTick());
        FinishIfComplete();
        return pause;
    }

    /// <summary>
    /// Ends the unfinished jobs, because nothing can happen any more. Without jobs, it ends the pool, for whose end code waits.
    /// </summary>
    public void OnStuck()
    {
        if (CountWork() == 0)
            return;
        var reason = new SimulationStuckException(Unfinished, _faults.Description);
        if (PendingJobs == 0)
            EndWithLoss(reason);
        List<EndedJob> ended = [];
        Update(state => state.TakeEnded(
            [.. state.Jobs.Select(static job => new JobOutcome(job.Id, JobStatus.Canceled, default, null, 0))], ended));
        DropJobs([.. ended.Select(end => end.Job).OfType<PendingJob>()], reason);
    }

    private void FinishIfComplete()
    {
        if (!_isFinishDue)
            return;
        _isFinishDue = false;
        if (Read(static state => state.HasFinished))
            EndSession(static state => state.FinishSession());
    }

    private void Update(Action<ClientPoolState> command) => Update(state =>
    {
        command(state);
        return true;
    });

    private T Update<T>(Func<ClientPoolState, T> command)
    {
        var result = Read(command);
        CarryOutEffects();
        return result;
    }

    private void CarryOutEffects()
    {
        while (TakeEffect() is { } effect)
        {
            switch (effect)
            {
                case ClientPoolEffect.SendMessage send: _connection?.Send(send.Message); break;
                case ClientPoolEffect.StartComparing start: _connection?.CompareAfter(start.Pause); break;
                case ClientPoolEffect.FinishSession: _isFinishDue = true; break;
                case ClientPoolEffect.ForgetWithdrawal forget: ForgetWithdrawal(forget.Job); break;
                case ClientPoolEffect.EndJobs end: EndJobs((state, jobs) => state.TakeEnded(end.Outcomes, jobs)); break;
            }
        }
    }

    private ClientPoolEffect? TakeEffect()
    {
        lock (_access)
            return _state.TryTakeEffect(out var effect) ? effect : null;
    }

    private void ReceiveProgress(PoolProtocol.MapProgressReport report) =>
        PendingJob.PassReport(Read(state => state.FindJob(report.Job)), report.Items, report.Value, _loggers);

    private void OnNotWithdrawn(ImmutableArray<JobId> jobs)
    {
        foreach (var job in jobs)
            ForgetWithdrawal(job);
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

    /// <summary>Takes jobs from the state, and ends them without the lock.</summary>
    private void EndJobs(Action<ClientPoolState, List<EndedJob>> take)
    {
        List<EndedJob> ended = [];
        Update(state => take(state, ended));
        foreach (var (outcome, first) in ended)
        {
            for (var handle = first; handle is not null; handle = handle.Next)
                EndHandle(handle, outcome);
        }
    }

    private void EndHandle(PendingJob handle, JobOutcome outcome)
    {
        _cluster.Scheduler.MarkProgress();
        ReleaseJob(handle);
        var before = ObjectChannel.UseForThread(_cluster.ClientObjects);
        _tally.CountJob(handle, outcome.Status, handle.EndWith(outcome));
        ObjectChannel.UseForThread(before);
        if (handle.IsReceiptTracked && handle.MarkEnded())
            handle.ConfirmReceipt();
    }

    private void LoseJob(PendingJob job, Exception reason, JobStatus status)
    {
        ReleaseJob(job);
        job.EndWith(reason);
        _tally.CountJob(job, status, reason);
    }

    /// <summary>Ends jobs without an outcome.</summary>
    private void DropJobs(IReadOnlyCollection<PendingJob> jobs, Exception reason) =>
        new EndExceptions(reason).DropJobs(jobs, _tally, ReleaseJob);

    private void ReleaseJob(PendingJob job)
    {
        if (job.HasSlot)
            _slots.Release();
        job.Cancellation.Unregister();
        (job.Retained, job.Spec) = (null, null);
        // A job of a durable pool may run again, for another program.
        if (!Spec.IsDurable)
            Runs.RemoveJob(job.Id);
    }

    /// <summary>Ends a terminated pool that has no coordinator: it is not opened again for that.</summary>
    private void EndIfNotReopened()
    {
        if (Read(static state => state.EndsWithoutPool))
            EndSession(static state => state.EndSession());
    }

    private void EndSession(Func<ClientPoolState, (Exception Reason, IReadOnlyCollection<PendingJob> Jobs)> end)
    {
        if (_ended.Task.IsCompleted)
            return;
        _cluster.Scheduler.MarkProgress();
        var (reason, jobs) = Update(end);
        DropJobs(jobs, reason);
        _shares.RemoveAll();
        _finished.TrySetResult(_tally.ToSummary());
        _isEnding = false;
        if (!Read(static state => state.HasEnded))
            return;
        _connection?.Stop();
        _ended.TrySetResult();
    }

    private void EndWithLoss(Exception loss)
    {
        var reason = _faults.Explain(loss);
        var jobs = Update(state => state.EndWithLoss(reason));
        _connection?.Stop();
        DropJobs(jobs, reason);
        _shares.RemoveAll();
        _opened.TrySetException(reason);
        _ = _opened.Task.Exception;
        _finished.TrySetException(reason);
        _ = _finished.Task.Exception;
        _ended.TrySetResult();
    }
}
