using System.Collections.Concurrent;
using System.Globalization;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Pools;

namespace Actors.Testing;

/// <summary>One pool's use of a fault plan. Thread-safe, except for planning and forgetting jobs.</summary>
/// <param name="plan">The plan; null for none.</param>
/// <param name="pool">The number of the pool among those of the plan.</param>
internal class FaultInjector(FaultPlan? plan, int pool = 1)
{
    private readonly FaultSchedule? _schedule = plan is null ? null : new FaultSchedule(plan);
    private readonly ConcurrentDictionary<JobId, (string Function, IReadOnlyList<PlannedFault> Faults)> _planned = new();

    /// <summary>The seed and the injected faults, for failure messages; null without a plan.</summary>
    public string? Description => plan?.Describe();

    /// <summary>Plans the faults of the next job.</summary>
    public void PlanJob(JobId job, FunctionRef function, int maxAttempts)
    {
        if (_schedule?.PlanJob(job, function, maxAttempts) is { Count: > 0 } faults)
            StoreFaults(job, function.Name, faults);
    }

    /// <summary>Forgets the last planned job, which the pool refused: the next job gets its number.</summary>
    public void ForgetLastJob(JobId job)
    {
        _schedule?.ForgetLastJob();
        RemoveFaults(job);
    }

    /// <summary>Injects and records the planned faults of one moment.</summary>
    /// <param name="at">The moment.</param>
    /// <param name="startEnvironment">
    /// Starts a fault of network, machines, store or clock. Its second argument is to be called when the fault has an effect.
    /// </param>
    /// <returns>The faults of the worker and its job, in the order of the plan.</returns>
    public IReadOnlyList<Fault> InjectFaults(JobMoment at, Action<Fault, Action>? startEnvironment = null)
    {
        if (!_planned.TryGetValue(at.Job, out var planned))
            return [];
        var faults = new List<Fault>();
        foreach (var (rule, fault, attempts) in planned.Faults)
        {
            if (fault.Moment != at.Moment || !attempts.Contains(at.Attempt))
                continue;
            var occurrence = string.Create(CultureInfo.InvariantCulture, $"{rule} {pool} {at.Job.Value} {at.Attempt}");
            if (!plan!.Permits(occurrence))
                continue;
            var injected = new InjectedFault(fault, at.Job.Value, planned.Function, at.Attempt, at.ProcessId, at.Time)
            {
                Rule = rule,
                Occurrence = occurrence,
            };
            if (fault.IsEnvironment)
            {
                startEnvironment!(fault, plan.Log.AddStarted(injected));
                continue;
            }

            plan.Log.AddFault(injected);
            faults.Add(fault);
            // The worker is gone, or does not come further.
            if (fault.ExitStatus is not null || fault.Kind == FaultKind.Hang)
                break;
        }

        return faults;
    }

    /// <summary>Adds the seed and the injected faults to the message of the end of a pool or its coordinator, once.</summary>
    public Exception Explain(Exception exception) =>
        plan is null || exception.Message.Contains(plan.SeedText, StringComparison.Ordinal)
            ? exception
            : EndExceptions.WithMessage(exception, $"{exception.Message}\n{plan.Describe()}");

    /// <summary>Adds the seed and the injected faults to the message of a job that did not end by itself.</summary>
    public JobOutcome Explain(JobOutcome outcome)
    {
        var isLost = outcome.Status is JobStatus.WorkerLost or JobStatus.MemoryExceeded or JobStatus.TimedOut or JobStatus.PoolFailed
            or JobStatus.PoolTerminated or JobStatus.Unknown;
        if (!isLost || Description is not { } faults)
            return outcome;
        var failure = outcome.Failure ?? FailureInfo.FromMessage("Actors.PoolFailure", "");
        return outcome with { Failure = failure with { Message = $"{failure.Message}\n{faults}" } };
    }

    /// <summary>Called once, when the pool has ended.</summary>
    public virtual void EndRun()
    {
    }

    /// <summary>Removes the planned faults of a job.</summary>
    protected virtual void RemoveFaults(JobId job) => _planned.TryRemove(job, out _);

    /// <summary>Stores the planned faults of a job.</summary>
    protected virtual void StoreFaults(JobId job, string function, IReadOnlyList<PlannedFault> faults) =>
        _planned[job] = (function, faults);
}
