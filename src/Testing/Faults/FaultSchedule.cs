using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;

namespace Actors.Testing;

/// <summary>
/// Decides at the submission of a job which faults it gets. The decision depends on the plan and the order of submissions alone, so it can
/// be repeated. For one thread at a time.
/// </summary>
internal sealed class FaultSchedule(FaultPlan plan)
{
    /// <summary>Faults are planned for at most this many attempts of a job.</summary>
    private const int MostAttempts = 20;

    private readonly int[] _counts = new int[plan.Rules.Length];
    private readonly List<int> _lastCounted = [];

    /// <summary>The faults of the next job.</summary>
    /// <param name="job">The number of the job.</param>
    /// <param name="function">The function.</param>
    /// <param name="maxAttempts">The highest number of attempts of the job.</param>
    public IReadOnlyList<PlannedFault> PlanJob(JobId job, FunctionRef function, int maxAttempts)
    {
        _lastCounted.Clear();
        if (plan.Rules.IsEmpty)
            return [];
        var definition = FunctionDefinition.FromBytes(function.Definition.Span);
        var planned = new List<PlannedFault>();
        foreach (var rule in plan.Rules)
        {
            if (rule.Trigger.Time is not null)
                continue;
            if (!IsFunction(rule.Trigger, definition) || (rule.Fault.Kind == FaultKind.DeliverTwice && maxAttempts <= 1))
                continue;
            var number = ++_counts[rule.Number];
            _lastCounted.Add(rule.Number);
            var attempts = SelectAttempts(rule, job, number, maxAttempts);
            if (attempts.Count > 0)
                planned.Add(new PlannedFault(rule.Number, rule.Fault, attempts));
        }

        return planned;
    }

    /// <summary>Forgets the last job, which the pool refused.</summary>
    public void ForgetLastJob() => _lastCounted.ForEach(rule => _counts[rule]--);

    private static bool IsFunction(FaultTrigger trigger, FunctionDefinition definition) =>
        trigger.Function is not { } function || FunctionMatch.IsFunction(function, definition);

    private List<int> SelectAttempts(FaultRule rule, JobId job, int number, int maxAttempts)
    {
        var trigger = rule.Trigger;
        if (trigger.Number is { } wanted && wanted != number)
            return [];
        if (trigger.Period is { } period && number % period != 0)
            return [];
        // A lost result is retried without a charge, so a job may start more often than its attempts allow.
        var attempts = trigger.Attempt > 0 ? [trigger.Attempt] : Enumerable.Range(1, Math.Min(maxAttempts, MostAttempts));
        return [.. attempts.Where(attempt => trigger.Probability is not { } p || Draw(rule.Number, job.Value, attempt) < p)];
    }

    /// <summary>A number from 0 to 1 that depends on the seed, the rule, the job and the attempt alone (SplitMix64).</summary>
    private double Draw(int rule, long job, int attempt)
    {
        var bits = (ulong)(uint)plan.Seed;
        foreach (var part in (ReadOnlySpan<long>)[rule, job, attempt])
        {
            bits += 0x9E3779B97F4A7C15 * ((ulong)part + 1);
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            bits ^= bits >> 31;
        }

        return (bits >> 11) * (1.0 / (1UL << 53));
    }
}
