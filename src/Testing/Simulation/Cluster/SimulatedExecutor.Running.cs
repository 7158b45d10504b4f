using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;

namespace Actors.Testing;

/// <summary>Runs the jobs of the worker, one at a time, and injects faults.</summary>
internal sealed partial class SimulatedExecutor
{
    /// <summary>From the first wait of a function until the faults during the job: longer than an undisturbed call of an object.</summary>
    private static readonly TimeSpan TimeUntilDuring = TimeSpan.FromMilliseconds(5);

    private JobSpec? _running;
    private SimulatedRun? _run;
    private JobCancellationSource _cancellation = new();
    private ITimer? _deadline;
    private JobId _lastBegun;
    private JobId _lastEnded;
    private int _attempt;
    private bool _isDuringOver;

    private void BeginNext()
    {
        if (!IsReady || IsPaused || _running is not null || _assigned.First?.Value is not { } job)
            return;
        _assigned.RemoveFirst();
        (_running, _lastBegun, _attempt) = (job, job.Id, _pool.Runs.CountStart(job));
        _cancellation = new JobCancellationSource();
        _isDuringOver = false;
        var run = _run = new SimulatedRun { Waiting = () => Node.StartTimer(TimeUntilDuring, () => InjectDuring(job)) };
        _cluster.Scheduler.MarkProgress();
        _ = RunJobAsync(job, run);
    }

    private async Task RunJobAsync(JobSpec job, SimulatedRun run)
    {
        var begun = Clock.GetTimestamp();
        StartDeadline(job);
        var before = InjectFaults(job, FaultMoment.BeforeJob);
        var (costBefore, costAfter) = _cluster.ChooseCost();
        await PassTimeAsync(before.Delay + costBefore, run).ConfigureAwait(false);
        if (run.IsDead || before.Hangs)
            return;
        var outcome = before.Failure is { } failure ? CreateThrown(job, failure) : CallFunction(job, run, before.IsDeliveredTwice);
        if (!run.IsDead)
            InjectDuring(job);
        if (run.IsDead)
            return;
        await PassTimeAsync(costAfter, run).ConfigureAwait(false);
        if (run.IsDead)
            return;
        var after = InjectFaults(job, FaultMoment.AfterJob);
        if (run.IsDead || after.Hangs)
            return;
        await PassTimeAsync(after.Delay, run).ConfigureAwait(false);
        if (!run.IsDead)
            EndJob(job, after.Failure is { } late ? CreateThrown(job, late) : outcome, after.LosesResult, Clock.GetElapsedTime(begun));
    }

    private JobOutcome CallFunction(JobSpec job, SimulatedRun run, bool isDeliveredTwice)
    {
        var context = new SimulationContext(_cluster.Scheduler, run);
        JobOutcome outcome = null!;
        _pool.Runs.RunInFlowOf(job.Id, () => context.RunCode(() =>
        {
            if (isDeliveredTwice)
                _cluster.Calls.CallFunction(job, _site, Objects, _cancellation, context);
            outcome = _cluster.Calls.CallFunction(job, _site, Objects, _cancellation, context);
        }));
        return outcome;
    }

    private void EndJob(JobSpec job, JobOutcome outcome, bool isLost, TimeSpan elapsed)
    {
        _cluster.Scheduler.MarkProgress();
        _deadline?.Dispose();
        (_running, _run, _lastEnded) = (null, null, job.Id);
        if (isLost)
            ReportHeld(LastSent);
        else
            Report(number => new NodeProtocol.JobsDone(Id, [outcome], (long)elapsed.TotalMicroseconds + 1, number));
        InjectFaults(job, FaultMoment.AfterResult);
        if (HasEnded)
            return;
        if (IsRetiring)
            Retire();
        else
            BeginNext();
    }

    private void StartDeadline(JobSpec job)
    {
        if (job.Policy.TimeoutMilliseconds > 0)
        {
            var limit = TimeSpan.FromMilliseconds((double)job.Policy.TimeoutMilliseconds * _pool.Runs.CountItems(job.Id));
            _deadline = StartTimer(limit, () => EndOverdue(job));
        }
    }

    private void EndOverdue(JobSpec job)
    {
        if (!_pool.Spec.CancelsOn.HasFlag(CancellationTriggers.Timeout))
            EndIfRunning(job, ExecutorExitReason.TimedOut);
        else if (_running == job)
            CancelRunning(JobCancellationReason.Timeout, ExecutorExitReason.TimedOut);
    }

    /// <summary>Cancels the running job, and ends the process unless the job ends within the grace time.</summary>
    private void CancelRunning(JobCancellationReason reason, ExecutorExitReason exit)
    {
        if (_running is not { } job || _cancellation.Reason == reason)
            return;
        StartTimer(TimeSpan.FromMilliseconds(_pool.Spec.CancellationGraceMilliseconds), () => EndIfRunning(job, exit));
        _run!.RunCode(() => _cancellation.Cancel(reason));
    }

    /// <summary>Ends the process with its pool. If the client has disconnected, the running job may end first.</summary>
    private void EndForPool(bool isAbandoned)
    {
        if (!isAbandoned)
        {
            End(CreateKill(ExecutorExitReason.PoolEnded));
            return;
        }

        Retire();
        CancelRunning(JobCancellationReason.ClientDisconnected, ExecutorExitReason.PoolEnded);
    }

    /// <summary>Starts a timer of the node for the job: the simulation is not stuck before it fires.</summary>
    private ITimer StartTimer(TimeSpan time, Action step) =>
        Clock.CreateTimer(_ => Node.RunUnlessPaused(step), null, time, Timeout.InfiniteTimeSpan);

    private void EndIfRunning(JobSpec job, ExecutorExitReason reason)
    {
        if (_running == job)
            End(CreateKill(reason));
    }

    /// <summary>Injects the faults of the time in which the function runs, once.</summary>
    private void InjectDuring(JobSpec job)
    {
        if (_running != job || HasEnded || _isDuringOver)
            return;
        _isDuringOver = true;
        InjectFaults(job, FaultMoment.DuringJob);
    }

    /// <summary>Injects the faults of one moment. Afterwards the process may have ended.</summary>
    private FaultEffect InjectFaults(JobSpec job, FaultMoment moment)
    {
        var faults = _pool.Runs.InjectFaults(
            new JobMoment(job.Id, _attempt, moment, ProcessId, _cluster.Now),
            (fault, hadEffect) => _cluster.Inject(fault, Node, hadEffect));
        var effect = FaultEffect.Of(faults);
        if (effect.Exit is { } exit)
            End(exit);
        return effect;
    }

    /// <summary>Lets time pass, at least until the end of a pause.</summary>
    private async Task PassTimeAsync(TimeSpan time, SimulatedRun run)
    {
        if (time > TimeSpan.Zero)
            await Task.Delay(time, Clock).ConfigureAwait(false);
        while (run is { IsPaused: true, IsDead: false })
        {
            var resumed = new TaskCompletionSource();
            // In a step of its own, because the rest belongs to the node and not to the run.
            run.RunCode(() => _cluster.Scheduler.PostCode(resumed.SetResult));
            await resumed.Task.ConfigureAwait(false);
        }
    }

    private static JobOutcome CreateThrown(JobSpec job, FailureInfo failure) => new(job.Id, JobStatus.Threw, default, failure, 1);
}
