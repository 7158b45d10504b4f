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
    private readonly List<WorkerInfo> _workers = [];
    private long _lastWorker;

    /// <summary>The number of refused results of the pool.</summary>
    public long StaleCompletions { get; private set; }

    /// <summary>Opens the pool.</summary>
    public void Open() => _connection = new PoolConnection(_cluster, this);

    /// <summary>Checks from now on whether the coordinator is there and no message is lost.</summary>
    public void ExpectFaults() => _connection?.ExpectFaults();

    /// <summary>Opens the pool anew if this was its coordinator.</summary>
    public void OnCoordinatorLost(SimulatedCoordinator lost)
    {
        if (_connection is { Pool: { } pool } && pool.Coordinator == lost)
            LosePool();
    }

    /// <summary>Opens the pool anew after the loss of its coordinator.</summary>
    public void LosePool()
    {
        _cluster.Scheduler.MarkProgress();
        _connection!.Stop();
        var response = Update(state =>
        {
            _inquiries.CompleteAll();
            _withdrawals.CompleteAll();
            _workers.Clear();
            return state.OnLost(isCurrent: true, withCoordinator: true);
        });
        if (response == PoolLossResponse.Reopen)
            Open();
        else if (response == PoolLossResponse.Fail)
            EndWithLoss(new CoordinatorLostException("The coordinator of this pool was lost; its jobs are lost."));
    }

    /// <summary>Sends the jobs to the open pool. Those that must not be sent twice end.</summary>
    public void OnOpened(PoolProtocol.PoolOpened opened)
    {
        var lost = Update(state => state.OnOpened(opened));
        var ends = new EndExceptions(new CoordinatorLostException(
            "The coordinator was lost after an at-most-once job may have started; it will not be retried."));
        foreach (var job in lost)
            LoseJob(job, ends.GetException(job));
    }

    /// <summary>Handles a message of the pool.</summary>
    public void Receive(SimulatedPool from, IWireMessage message)
    {
        StaleCompletions = from.StaleCompletions;
        switch (message)
        {
            case PoolProtocol.JobsAccepted accepted: Update(state => state.OnAccepted(accepted.Number)); break;
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

        if (Read(static state => state.HasFinished))
            EndSession();
    }

    /// <returns>The time until the next call; null when nothing is outstanding.</returns>
    public TimeSpan? OnCompareTick() => Update(static state => state.OnCompareTick());

    /// <summary>
    /// Ends the unfinished jobs, because nothing can happen any more. Without jobs, it ends the pool, for whose end code waits.
    /// </summary>
    public void OnStuck()
    {
        if (CountWork() == 0)
            return;
        var reason = new SimulationStuckException(Unfinished, Faults.Description);
        if (PendingJobs == 0)
            EndWithLoss(reason);
        List<EndedJob> ended = [];
        Update(state => state.TakeEnded(
            [.. _jobs.Keys.Select(static id => new JobOutcome(new JobId(id), JobStatus.Canceled, default, null, 0))], ended));
        DropJobs([.. ended.Select(end => end.Job).OfType<PendingJob>()], reason);
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
        FindSent(report.Job)?.Job.ReceiveProgress(report.Items, report.Value);

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
        foreach (var (outcome, job) in ended)
        {
            if (job is not null)
                EndJob(job, outcome);
        }
    }

    private void EndJob(PendingJob job, JobOutcome outcome)
    {
        _cluster.Scheduler.MarkProgress();
        ReleaseJob(job);
        var before = ObjectChannel.UseForThread(_cluster.ClientObjects);
        _tally.CountJob(job, outcome.Status, job.EndWith(outcome));
        ObjectChannel.UseForThread(before);
    }

    private void LoseJob(PendingJob job, Exception reason)
    {
        ReleaseJob(job);
        job.EndWith(reason);
        _tally.CountJob(job, JobStatus.WorkerLost, reason);
    }

    /// <summary>Ends jobs without an outcome.</summary>
    private void DropJobs(IReadOnlyCollection<PendingJob> jobs, Exception reason)
    {
        var ends = new EndExceptions(reason);
        foreach (var job in jobs)
        {
            _tally.CountDropped(job);
            ReleaseJob(job);
            job.EndWith(ends.GetException(job));
        }
    }

    private void ReleaseJob(PendingJob job)
    {
        _slots.Release();
        job.Cancellation.Unregister();
        (job.Retained, job.Spec) = (null, null);
        lock (_access)
            _jobs.Remove(job.Id.Value);
    }

    /// <summary>Ends a terminated pool that has no coordinator: it is not opened again for that.</summary>
    private void EndIfNotReopened()
    {
        if (Read(static state => state.EndsWithoutPool))
            EndSession();
    }

    private void EndSession()
    {
        if (_finished.Task.IsCompleted)
            return;
        _cluster.Scheduler.MarkProgress();
        var (reason, jobs) = Update(static state => state.EndSession());
        _connection?.Stop();
        DropJobs(jobs, reason);
        _shares.RemoveAll();
        _finished.TrySetResult(_tally.ToSummary());
    }

    private void EndWithLoss(Exception reason)
    {
        var jobs = Update(state => state.EndWithLoss(reason));
        _connection?.Stop();
        DropJobs(jobs, reason);
        _shares.RemoveAll();
        _finished.TrySetException(reason);
    }
}
