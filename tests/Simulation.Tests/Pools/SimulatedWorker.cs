using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Nodes;
using Actors.Simulation.Tests.Kernel;
using Actors.WorkerNode.Executors;

namespace Actors.Simulation.Tests.Pools;

/// <summary>
/// Mirrors <c>ExecutorActor</c> and <c>ExecutorFrames</c>: the real state classes of a worker, and the least that connects them. Output
/// streams are not simulated.
/// </summary>
internal sealed class SimulatedWorker : SimulatedPart, ISimulatedWorker
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReportStartInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);

    private readonly SimulatedWorkers _workers;
    private readonly SimulatedPart _pool;
    private readonly AssignedJobs _assigned = new();
    private readonly ArrivedJobs _arrived = new();
    private readonly JobDeadlines _deadlines;
    private readonly ReportLog _reports;
    private readonly HashSet<JobId> _graceTimers = [];
    private readonly ExecutorLifecycle _lifecycle = new();
    private long _revocations;
    private long _answeredRevocations;
    private bool _isKnown;
    private bool _isServing;
    private int _stopTimer;

    public SimulatedWorker(SimulatedWorkers workers, ExecutorId id)
        : base(workers.World, workers.Host)
    {
        (_workers, _pool, Id) = (workers, workers.Pool, id);
        _deadlines = new JobDeadlines(workers.Spec.GetGrace(CancellationTriggers.Timeout));
        _reports = new ReportLog(id);
        Process = new WorkerProcess(workers.World, this, OnFrame, EndProcess);
    }

    public ExecutorId Id { get; }

    public BundleId Build => _workers.Spec.Bundle;

    public WorkerProcess Process { get; }

    private bool IsBusy => Process.LastBegun != Process.LastEnded;

    public void Start()
    {
        Watch(_pool);
        ReportStart();
        Process.Start(_workers.TakeStartFailure());
        UpdateLifecycle(lifecycle => lifecycle.OnStarted());
        RunAfter(StartTimeout, () =>
        {
            if (!_lifecycle.WasReady)
                UpdateLifecycle(lifecycle => lifecycle.FailStart(ExecutorExitReason.StartFailed, null));
        });
    }

    private void ReportStart()
    {
        if (Process.HasExited || _isKnown)
            return;
        if (_lifecycle.WasReady)
            SendReady();
        else
            Send(_pool, new NodeProtocol.ExecutorStarting(Id, _workers.Node));
        if (World.Bug != PlantedBug.ReportStartOnce)
            RunAfter(ReportStartInterval, ReportStart);
    }

    public override void Receive(object message, SimulatedPart sender)
    {
        if (sender != _pool)
            return;
        _isKnown |= message is NodeProtocol.RunJobs or NodeProtocol.CompareExecutor;
        switch (message)
        {
            case NodeProtocol.RunJobs run: RunOnce(run); break;
            case NodeProtocol.RevokeJobs: RevokeJobs(); break;
            case NodeProtocol.CancelRunningJob cancel: CancelJob(cancel.Job); break;
            case NodeProtocol.RetireExecutor: RetireProcess(); break;
            case NodeProtocol.KillExecutor kill: UpdateLifecycle(lifecycle => lifecycle.EndForPool(kill.IsAbandoned)); break;
            case NodeProtocol.CompareExecutor compare: CompareState(compare); break;
        }
    }

    public override void OnTerminated(SimulatedPart part) => KillProcess(ExecutorExitReason.PoolEnded);

    public void DrainProcess() => UpdateLifecycle(lifecycle =>
    {
        if (_workers.Spec.CancelsOn.HasFlag(CancellationTriggers.Drain))
            lifecycle.Stop(ExecutorExitReason.Drained);
        else
            lifecycle.Retire();
    });

    public void RetireProcess() => UpdateLifecycle(lifecycle => lifecycle.Retire());

    public void KillProcess(ExecutorExitReason reason) => UpdateLifecycle(lifecycle => lifecycle.Kill(reason));

    private void UpdateLifecycle(Action<ExecutorLifecycle> command)
    {
        command(_lifecycle);
        while (_lifecycle.TryTakeEffect(out var effect))
            CarryOut(effect.Value);
    }

    private void CarryOut(ExecutorEffect effect)
    {
        switch (effect)
        {
            case ExecutorEffect.ReportReady: ReportReady(); break;
            case ExecutorEffect.ReportRetiring: Send(_pool, new NodeProtocol.ExecutorRetiring(Id)); break;
            case ExecutorEffect.StopProcess: Process.Stop(); break;
            case ExecutorEffect.CancelJobs: CancelAll(); break;
            case ExecutorEffect.KillProcess: Process.Kill(); break;
            case ExecutorEffect.AwaitStop: CheckStopOverdue(++_stopTimer); break;
            case ExecutorEffect.AwaitOutput: RunAfter(_lifecycle.OutputGrace, () => UpdateLifecycle(late => late.OnOutputOverdue())); break;
            case ExecutorEffect.ReportExit: ReportExit(); break;
        }
    }

    private void CancelAll()
    {
        Process.CancelAll(
            _lifecycle.Reason == ExecutorExitReason.Drained ? JobCancellationReason.Drain : JobCancellationReason.ClientDisconnected);
        RunAfter(
            TimeSpan.FromMilliseconds(_workers.Spec.CancellationGraceMilliseconds),
            () => UpdateLifecycle(lifecycle => lifecycle.Kill(lifecycle.Reason)));
    }

    private void RunOnce(NodeProtocol.RunJobs run)
    {
        _reports.Acknowledge(run.Acknowledged);
        var isNew = _arrived.TryAccept(run.First, run.Jobs.Length, out var missed);
        if (missed is not null)
            Send(_pool, _reports.AddMissed(missed));
        if (!isNew && World.Bug != PlantedBug.RunDuplicatedJobs)
            return;
        _assigned.AddJobs(run.Jobs);
        _deadlines.AddJobs(run.Jobs);
        Process.Run(run.Jobs);
        foreach (var job in run.Jobs.Where(job => job.Policy.TimeoutMilliseconds > 0))
            CheckDeadline(job.Id, job.Policy.TimeoutMilliseconds);
    }

    /// <summary>Looks again when the job may be over its limit: as often as the actor does, and no oftener than needed.</summary>
    private void CheckDeadline(JobId job, long timeout) => RunAfter(JobDeadlines.CheckInterval, () =>
    {
        if (Process.HasExited || _deadlines.IsEmpty)
            return;
        if (Process.Running?.Id == job)
        {
            var elapsed = Now - Process.RunningSince;
            var rest = TimeSpan.FromMilliseconds(timeout) - elapsed;
            switch (_deadlines.Decide(job.Value, item: 0, elapsed))
            {
                case JobDeadlines.DeadlineDecision.Kill: KillProcess(ExecutorExitReason.TimedOut); return;
                case JobDeadlines.DeadlineDecision.Cancel: Process.Cancel(job, JobCancellationReason.Timeout); break;
            }

            RunAfter(rest > TimeSpan.Zero ? rest : JobDeadlines.CheckInterval, () => CheckDeadline(job, timeout));
        }
        else if (_assigned.ContainsJob(job.Value))
        {
            RunAfter(JobDeadlines.CheckInterval * 4, () => CheckDeadline(job, timeout));
        }
    });

    private void CompareState(NodeProtocol.CompareExecutor compare)
    {
        if (World.Bug == PlantedBug.IgnoreComparison)
            return;
        _reports.Acknowledge(compare.Acknowledged);
        SendUnacknowledged();
        if (_arrived.TryFindMissed(compare.LastSent, out var missed))
            Send(_pool, _reports.AddMissed(missed));
        UpdateLifecycle(lifecycle => lifecycle.Compare(compare.State));
        RepeatRequests(compare);
        if (!_lifecycle.WasReady || compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsSilent))
            Process.ListJobs(_arrived.Last);
    }

    private void RepeatRequests(NodeProtocol.CompareExecutor compare)
    {
        if (compare.State.HasFlag(NodeProtocol.ExpectedExecutorState.IsRevoking))
            RevokeJobs();
        foreach (var job in compare.Canceled.Where(job => !_graceTimers.Contains(job)))
            CancelJob(job);
    }

    private void SendUnacknowledged()
    {
        foreach (var report in _reports.Unacknowledged)
            Send(_pool, report);
    }

    private void RevokeJobs()
    {
        _revocations++;
        Process.Revoke();
    }

    private void CancelJob(JobId job)
    {
        RevokeJobs();
        Process.Cancel(job, JobCancellationReason.Requested);
        var grace = TimeSpan.FromMilliseconds(_workers.Spec.CancellationGraceMilliseconds);
        StartGrace(new JobGrace(job, _revocations, Now + grace + StopGrace), grace);
    }

    private void StartGrace(JobGrace grace, TimeSpan time)
    {
        _graceTimers.Add(grace.Job);
        RunAfter(time, () =>
        {
            _graceTimers.Remove(grace.Job);
            switch (grace.Decide(IsBusy && Process.LastBegun == grace.Job, _answeredRevocations, Now))
            {
                case JobGrace.GraceDecision.Kill: KillProcess(ExecutorExitReason.Canceled); break;
                case JobGrace.GraceDecision.Wait: StartGrace(grace, JobDeadlines.CheckInterval * 10); break;
            }
        });
    }

    private void CheckStopOverdue(int timer) => RunAfter(StopGrace, () =>
    {
        if (Process.HasExited || timer != _stopTimer)
            return;
        UpdateLifecycle(lifecycle => lifecycle.OnStopOverdue(IsBusy));
        CheckStopOverdue(timer);
    });

    private void OnFrame(WorkerFrame frame)
    {
        switch (frame)
        {
            case WorkerFrame.Ready: UpdateLifecycle(lifecycle => lifecycle.OnReady()); break;
            case WorkerFrame.Done done: ReportDone(done); break;
            case WorkerFrame.Returned returned: ReportReturned(returned); break;
            case WorkerFrame.Held held:
                UpdateLifecycle(lifecycle => lifecycle.OnReady());
                Send(_pool, _reports.AddHeld(
                    held.Last, held.Jobs.RemoveAll(job => !_assigned.ContainsJob(job.Value)), Process.LastBegun));
                break;
        }
    }

    private void ReportDone(WorkerFrame.Done done)
    {
        _deadlines.RemoveJob(done.Outcome.Id.Value);
        World.Require(
            _assigned.RemoveJob(done.Outcome.Id.Value),
            Invariant.Assigned, $"A worker reports job {done.Outcome.Id}, which it does not have.");
        Send(_pool, _reports.AddDone([done.Outcome], done.BusyMicroseconds));
    }

    private void ReportReturned(WorkerFrame.Returned returned)
    {
        foreach (var job in returned.Jobs)
        {
            _deadlines.RemoveJob(job.Value);
            World.Require(_assigned.RemoveJob(job.Value), Invariant.Assigned, $"A worker returns job {job}, which it does not have.");
        }

        _answeredRevocations++;
        Send(_pool, _reports.AddReturned(returned.Jobs));
    }

    private void ReportReady()
    {
        SendReady();
        if (_isServing)
            return;
        _isServing = true;
        _workers.OnReady();
    }

    private void SendReady() => Send(_pool, new NodeProtocol.ExecutorReady(Id, _workers.Node, _workers.Host.Name, Number));

    /// <summary>The process has ended, and its two output streams are closed.</summary>
    private void EndProcess()
    {
        for (var end = 0; end < 3 && !IsStopped; end++)
            UpdateLifecycle(lifecycle => lifecycle.OnEndClosed(hasExited: true));
    }

    private void ReportExit()
    {
        var reason = _lifecycle.CompleteReason(diedOfMemory: false);
        if (reason == ExecutorExitReason.StartFailed)
            _workers.World.OnStartFailed();
        var exit = new ExecutorExit(reason, 1, "");
        if (_reports.Unacknowledged.Any(report => report is NodeProtocol.JobsDone))
            SendUnacknowledged();
        Send(_pool, new NodeProtocol.ExecutorExited(
            Id, _workers.Node, _workers.Host.Name, Number, exit, Process.LastBegun, Process.LastEnded, null));
        _workers.OnEnded(this, _lifecycle.WasReady);
        Stop();
    }
}
