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
    private CancellationTokenSource _cancellation = new();
    private ITimer? _deadline;
    private JobId _lastBegun;
    private JobId _lastEnded;
    private int _attempt;
    private bool _isDuringOver;

    private void BeginNext()
    {
        if (!IsReady || IsStopped || _running is not null || _assigned.First?.Value is not { } job)
            return;
        _assigned.RemoveFirst();
        (_running, _lastBegun, _attempt) = (job, job.Id, _pool.Runs.CountStart(job));
        _cancellation = new CancellationTokenSource();
        _isDuringOver = false;
        var run = _run = new SimulatedRun { Waiting = () => Clock.StartBackgroundTimer(TimeUntilDuring, () => InjectDuring(job)) };
        _cluster.Scheduler.MarkProgress();
        _ = RunJobAsync(job, run);
    }

    private async Task RunJobAsync(JobSpec job, SimulatedRun run)
    {
        var begun = Clock.GetTimestamp();
        StartDeadline(job);
        var before = InjectFaults(job, FaultMoment.BeforeJob);
        var (costBefore, costAfter) = _cluster.ChooseCost();
        await DelayAsync(before.Delay + costBefore).ConfigureAwait(false);
        if (run.IsDead || before.Hangs)
            return;
        var outcome = before.Failure is { } failure ? CreateThrown(job, failure) : CallFunction(job, run, before.IsDeliveredTwice);
        if (!run.IsDead)
            InjectDuring(job);
        if (run.IsDead)
            return;
        await DelayAsync(costAfter).ConfigureAwait(false);
        if (run.IsDead)
            return;
        var after = InjectFaults(job, FaultMoment.AfterJob);
        if (run.IsDead || after.Hangs)
            return;
        await DelayAsync(after.Delay).ConfigureAwait(false);
        while (IsStopped && !run.IsDead)
            await DelayAsync(TimeSpan.FromMilliseconds(10)).ConfigureAwait(false);
        if (!run.IsDead)
            EndJob(job, after.Failure is { } late ? CreateThrown(job, late) : outcome, after.LosesResult, Clock.GetElapsedTime(begun));
    }

    private JobOutcome CallFunction(JobSpec job, SimulatedRun run, bool isDeliveredTwice)
    {
        var context = new SimulationContext(_cluster.Scheduler, run);
        var site = new JobSite(
            _pool.Spec.DisplayName, NodeName, Clock, (id, value) => Send(new NodeProtocol.JobProgressReport(Id, id, 0, value)),
            SendsInline: true)
        { Services = _services };
        JobOutcome outcome = null!;
        _pool.Runs.RunInFlowOf(job.Id, () => context.RunCode(() =>
        {
            if (isDeliveredTwice)
                _cluster.Calls.CallFunction(job, site, Objects, _cancellation.Token, context);
            outcome = _cluster.Calls.CallFunction(job, site, Objects, _cancellation.Token, context);
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
            _deadline = Clock.CreateTimer(
                _ => EndIfRunning(job, ExecutorExitReason.TimedOut), null, limit, Timeout.InfiniteTimeSpan);
        }
    }

    private void CancelRunning()
    {
        if (_running is not { } job || _cancellation.IsCancellationRequested)
            return;
        Clock.CreateTimer(
            _ => EndIfRunning(job, ExecutorExitReason.Canceled), null,
            TimeSpan.FromMilliseconds(_pool.Spec.CancellationGraceMilliseconds), Timeout.InfiniteTimeSpan);
        _cancellation.Cancel();
    }

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
        var faults = _pool.Runs.InjectFaults(job.Id, _attempt, moment, ProcessId, _cluster.Now);
        foreach (var fault in faults.Where(fault => fault.IsEnvironment))
            _cluster.Inject(fault, Node);
        var effect = FaultEffect.Of(faults);
        if (effect.Exit is { } exit)
            End(exit);
        return effect;
    }

    private Task DelayAsync(TimeSpan time) => time > TimeSpan.Zero ? Task.Delay(time, Clock) : Task.CompletedTask;

    private static JobOutcome CreateThrown(JobSpec job, FailureInfo failure) => new(job.Id, JobStatus.Threw, default, failure, 1);
}
