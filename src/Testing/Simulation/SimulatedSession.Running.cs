using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;

namespace Actors.Testing;

/// <summary>Runs the assigned jobs and injects faults. Each worker runs one job at a time.</summary>
internal sealed partial class SimulatedSession
{
    /// <summary>Reported as the run time of each job, so that the state sends one job at a time and jobs run in order.</summary>
    private const long LongRunMicroseconds = 1_000_000;

    private readonly FunctionCalls _calls = new();

    /// <summary>Whether the current thread or task belongs to a job of this pool.</summary>
    private readonly AsyncLocal<bool> _isInJob = new();

    /// <summary>Starts the next worker, or runs the next job.</summary>
    /// <returns>True when something was done.</returns>
    public bool RunNext() => StartNextWorker() || RunNextJob();

    /// <summary>Runs all jobs that can run now.</summary>
    public void RunAll()
    {
        while (RunNext())
        {
        }
    }

    /// <summary>Starts all workers, and runs the next job.</summary>
    /// <returns>True when a job was run.</returns>
    public bool RunOneJob()
    {
        while (StartNextWorker())
        {
        }

        return RunNextJob();
    }

    /// <summary>Runs the jobs now if they run at their submission.</summary>
    public void RunAtOnce()
    {
        if (!_runsAtOnce)
            return;
        // A job that submits another one and waits for it occupies its own worker.
        if (_isInJob.Value)
            AddSpareWorker();
        RunAll();
    }

    private void AddSpareWorker()
    {
        lock (_access)
        {
            if (!_isReleased && _workers.All(worker => worker.Running is not null))
                Decide(AddWorker);
        }
    }

    private bool StartNextWorker()
    {
        SimulatedWorker? worker;
        lock (_access)
        {
            worker = _workers.Find(next => next.Stage == SimulatedWorkerStage.Created);
            if (worker is null)
                return false;
            worker.Stage = SimulatedWorkerStage.Initializing;
        }

        var failure = PrepareWorker(worker);
        lock (_access)
        {
            if (worker.Stage == SimulatedWorkerStage.Exited)
                return true;
            if (failure is not null)
            {
                LoseWorker(worker, new ExecutorExit(ExecutorExitReason.InitializerThrew, 1, ""), failure);
                return true;
            }

            worker.Stage = SimulatedWorkerStage.Ready;
            WorkerChanged?.Invoke(worker.Info);
            Decide(() => _state.ExecutorReady(worker.Id, Node, Now, NodeName, worker.ProcessId));
        }

        return true;
    }

    private bool RunNextJob()
    {
        SimulatedWorker? worker;
        JobSpec job;
        lock (_access)
        {
            worker = _assigned.FirstOrDefault(next => !next.IsPaused);
            if (worker is null)
                return false;
            _assigned.Remove(worker);
            var start = _starts[worker.Assigned!.Id] = _starts.GetValueOrDefault(worker.Assigned.Id) + 1;
            job = worker.BeginJob(start);
        }

        var isNested = _isInJob.Value;
        _isInJob.Value = true;
        RunJob(worker, job);
        _isInJob.Value = isNested;
        return true;
    }

    private void RunJob(SimulatedWorker worker, JobSpec job)
    {
        var before = InjectFaults(worker, job, FaultMoment.BeforeJob);
        if (StopsJob(worker, job, before))
            return;
        var since = Clock.GetTimestamp();
        var outcome = before.Failure is { } failure ? CreateThrown(job, failure) : CallFunction(worker, job, before.IsDeliveredTwice);
        var after = InjectFaults(worker, job, FaultMoment.AfterJob);
        if (StopsJob(worker, job, after))
            return;
        if (after.Failure is { } late)
            outcome = CreateThrown(job, late);
        var delay = before.Delay + after.Delay;
        lock (_access)
        {
            var left = TimeLeft(job, Clock.GetElapsedTime(since));
            if (left < delay)
                StartTimeout(worker, left > TimeSpan.Zero ? left : TimeSpan.Zero);
            else if (delay > TimeSpan.Zero)
                StartTimer(worker, delay, () => ReportOutcome(worker, job, outcome, after.LosesResult));
            else
                ReportOutcome(worker, job, outcome, after.LosesResult);
        }
    }

    private FailureInfo? PrepareWorker(SimulatedWorker worker) => JobThread.Run(
        Clock, context => _calls.PrepareWorker(_spec, worker.Site, Objects.ChooseChannel(_objects, worker.Objects), context));

    private JobOutcome CallFunction(SimulatedWorker worker, JobSpec job, bool isDeliveredTwice)
    {
        var objects = Objects.ChooseChannel(_objects, worker.Objects);
        return JobThread.Run(Clock, context =>
        {
            using var deadline = StartDeadline(job, worker.Cancellation);
            if (isDeliveredTwice)
                _calls.CallFunction(job, worker.Site, objects, worker.Cancellation, context);
            return _calls.CallFunction(job, worker.Site, objects, worker.Cancellation, context);
        });
    }

    /// <summary>Starts the timer that cancels the job at its timeout, on the thread that calls the function; null for none.</summary>
    private ITimer? StartDeadline(JobSpec job, JobCancellationSource cancellation) =>
        job.Policy.TimeoutMilliseconds > 0 && _spec.CancelsOn.HasFlag(CancellationTriggers.Timeout)
            ? Clock.CreateTimer(
                _ => cancellation.Cancel(JobCancellationReason.Timeout), null, GetTimeout(job), Timeout.InfiniteTimeSpan)
            : null;

    /// <summary>Ends the worker, or lets the job hang until its timeout.</summary>
    /// <returns>True when the job does not continue.</returns>
    private bool StopsJob(SimulatedWorker worker, JobSpec job, FaultEffect effect)
    {
        if (effect.Exit is { } exit)
            LoseWorker(worker, exit);
        if (!effect.Hangs)
            return effect.Exit is not null;
        lock (_access)
        {
            if (worker.Runs(job) && job.Policy.TimeoutMilliseconds > 0)
                StartTimeout(worker, TimeLeft(job, TimeSpan.Zero));
        }

        return true;
    }

    /// <summary>The time until the worker is killed: at the timeout of the job, or after the grace time for its end.</summary>
    private TimeSpan TimeLeft(JobSpec job, TimeSpan elapsed) => job.Policy.TimeoutMilliseconds <= 0
        ? TimeSpan.MaxValue
        : GetTimeout(job) + (_spec.GetGrace(CancellationTriggers.Timeout) ?? TimeSpan.Zero) - elapsed;

    /// <summary>The timeout of the job. For a chunk, the limits of its items are added.</summary>
    private TimeSpan GetTimeout(JobSpec job) =>
        TimeSpan.FromMilliseconds((double)job.Policy.TimeoutMilliseconds * (_pending.FindJob(job.Id.Value)?.Items ?? 1));

    private void ReportOutcome(SimulatedWorker worker, JobSpec job, JobOutcome outcome, bool isLost)
    {
        lock (_access)
        {
            if (!worker.Runs(job))
                return;
            worker.EndJob();
            if (isLost)
            {
                var held = new NodeProtocol.JobsHeld(worker.Id, long.MaxValue, [], job.Id, Number: 0);
                Decide(() => _state.AddReport(held, Now));
            }
            else
            {
                Decide(() => _state.JobsDone(worker.Id, [outcome], LongRunMicroseconds, Now));
            }

            if (InjectFaults(worker, job, FaultMoment.AfterResult).Exit is { } exit)
                LoseWorker(worker, exit);
        }
    }

    private FaultEffect InjectFaults(SimulatedWorker worker, JobSpec job, FaultMoment moment) =>
        FaultEffect.Of(_faults.InjectFaults(new JobMoment(job.Id, worker.Attempt, moment, worker.ProcessId, Now)));

    private static JobOutcome CreateThrown(JobSpec job, FailureInfo failure) => new(job.Id, JobStatus.Threw, default, failure, 1);

    private void StartTimeout(SimulatedWorker worker, TimeSpan time) =>
        StartTimer(worker, time, () => LoseWorker(worker, CreateKill(ExecutorExitReason.TimedOut)));

    /// <summary>Calls back on the clock, while the worker runs the same job.</summary>
    private void StartTimer(SimulatedWorker worker, TimeSpan time, Action ended)
    {
        var job = worker.Running;
        worker.Timers.Add(Clock.CreateTimer(_ => OnTimer(worker, job, ended), null, time, Timeout.InfiniteTimeSpan));
    }

    private void OnTimer(SimulatedWorker worker, JobSpec? job, Action ended)
    {
        lock (_access)
        {
            if (job is null || !worker.Runs(job))
                return;
            ended();
        }

        RunAtOnce();
    }
}
