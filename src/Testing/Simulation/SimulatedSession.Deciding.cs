using System.Collections.Immutable;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Pools;

namespace Actors.Testing;

/// <summary>Carries out the decisions of the pool's state.</summary>
internal sealed partial class SimulatedSession
{
    private const string NodeName = "simulated";

    /// <summary>Above the largest process id of any system, so that no code ends a real process by this number.</summary>
    private const int FirstProcessId = 10_000_000;

    private static readonly NodeId Node = NodeId.New();

    private readonly List<SimulatedWorker> _workers = [];
    private readonly LinkedList<SimulatedWorker> _assigned = new();
    private readonly Dictionary<JobId, int> _starts = [];
    private bool _isDeciding;
    private bool _isReleased;
    private long _lastWorker;

    /// <inheritdoc/>
    public IReadOnlyList<WorkerInfo> Workers
    {
        get
        {
            lock (_access)
                return [.. _workers.Select(worker => worker.Info)];
        }
    }

    /// <inheritdoc/>
    public void SignalWorker(ExecutorId worker, WorkerSignal signal)
    {
        lock (_access)
        {
            if (_workers.Find(known => known.Id == worker) is not { } target)
                return;
            if (signal is WorkerSignal.Stop or WorkerSignal.Continue)
                target.IsPaused = signal == WorkerSignal.Stop;
            else
                LoseWorker(target, new ExecutorExit(ExecutorExitReason.Crashed, -ProcessSignals.GetNumber(signal), ""));
        }

        RunAtOnce();
    }

    /// <summary>Gives a command to the state, and carries out its effects until there are none.</summary>
    private void Decide(Action command)
    {
        lock (_access)
        {
            command();
            if (_isDeciding)
                return;
            _isDeciding = true;
            while (_state.TakeEffects() is { Count: > 0 } effects)
            {
                foreach (var effect in effects)
                    CarryOut(effect);
            }

            _isDeciding = false;
        }
    }

    private void CarryOut(PoolEffect effect)
    {
        switch (effect)
        {
            case PoolEffect.SendJobs run: AssignJob(run); break;
            case PoolEffect.SendOutcomes end: EndJobs(end.Outcomes); break;
            case PoolEffect.SendRevocation revocation: ReturnAssigned(revocation.Executor); break;
            case PoolEffect.SendCancellation cancel: CancelAt(cancel.Executor, cancel.Job); break;
            case PoolEffect.SendRetirement retire: ExitWorker(retire.Executor); break;
            case PoolEffect.SendFailure fail: _failure = OutcomeExceptions.PoolFailed(fail.Reason); break;
            case PoolEffect.ReleaseExecutors: ReleaseWorkers(); break;
            case PoolEffect.FinishPool:
                _shares.RemoveAll();
                _finished.TrySetResult(_tally.ToSummary());
                break;
        }
    }

    /// <summary>Assigns a job. The state sends one at a time, because each job is reported as a long one.</summary>
    private void AssignJob(PoolEffect.SendJobs run)
    {
        var worker = FindWorker(run.Executor)!;
        worker.Assigned = run.Jobs[0];
        _assigned.AddLast(worker);
    }

    private void EndJobs(ImmutableArray<JobOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            _starts.Remove(outcome.Id);
            if (!_pending.TryRemove(outcome.Id.Value, out var job))
                continue;
            ReleaseJob(job);
            var before = Messages.Objects.ObjectChannel.UseForThread(_objects);
            _tally.CountJob(job, outcome.Status, job.EndWith(outcome));
            Messages.Objects.ObjectChannel.UseForThread(before);
        }
    }

    private void ReturnAssigned(ExecutorId executor)
    {
        var returned = ImmutableArray<JobId>.Empty;
        if (FindWorker(executor) is { Assigned: { } job } worker)
        {
            returned = [job.Id];
            worker.Assigned = null;
            _assigned.Remove(worker);
        }

        _state.JobsReturned(executor, returned, Now);
    }

    private void CancelAt(ExecutorId executor, JobId job)
    {
        if (FindWorker(executor) is not { } worker)
            return;
        if (worker.Assigned?.Id == job)
        {
            ReturnAssigned(executor);
            return;
        }

        if (worker.Running is not { } running || running.Id != job)
            return;
        _ = worker.Cancellation.CancelAsync(JobCancellationReason.Requested);
        var grace = TimeSpan.FromMilliseconds(_spec.CancellationGraceMilliseconds);
        StartTimer(worker, grace, () => LoseWorker(worker, CreateKill(ExecutorExitReason.Canceled)));
    }

    private void AddWorker()
    {
        var id = ExecutorId.New();
        var number = ++_lastWorker;
        var info = new WorkerInfo(id, NodeName, FirstProcessId + (int)number, hasExited: false, exitCode: null)
        {
            Number = number,
            Session = this,
        };
        _workers.Add(new SimulatedWorker(id, info, new SimulatedObjectChannel(Objects, null), _site with { }));
        _state.ExecutorStarting(id, Node);
    }

    private SimulatedWorker? FindWorker(ExecutorId id) => _workers.Find(worker => worker.Id == id);

    private void ReleaseWorkers()
    {
        _isReleased = true;
        foreach (var worker in _workers.ToArray())
            ExitWorker(worker.Id);
    }

    private void ExitWorker(ExecutorId executor)
    {
        if (FindWorker(executor) is not { } worker)
            return;
        LoseWorker(worker, new ExecutorExit(ExecutorExitReason.Retired, 0, ""));
        // A killed worker disposes nothing. User code must not run under the lock.
        _disposals.Add(Task.Run(async () => await worker.Site.DisposeAsync().ConfigureAwait(false)));
    }

    /// <summary>Ends a worker. The state decides about its job, and another worker replaces it.</summary>
    private void LoseWorker(SimulatedWorker worker, ExecutorExit exit, FailureInfo? failure = null)
    {
        lock (_access)
        {
            if (worker.Stage == SimulatedWorkerStage.Exited)
                return;
            var wasReady = worker.Stage == SimulatedWorkerStage.Ready;
            worker.Stage = SimulatedWorkerStage.Exited;
            worker.StopTimers();
            worker.Objects.EndCaller();
            _workers.Remove(worker);
            _assigned.Remove(worker);
            if (wasReady)
                WorkerChanged?.Invoke(new WorkerInfo(worker.Id, NodeName, worker.ProcessId, hasExited: true, exit.ExitCode));
            Decide(() => _state.ExecutorExited(worker.Id, exit, worker.LastBegun, worker.LastEnded, failure, Now));
            if (!_isReleased)
                AddWorker();
        }
    }

    private static ExecutorExit CreateKill(ExecutorExitReason reason) =>
        new(reason, -ProcessSignals.GetNumber(WorkerSignal.Kill), "");
}
