using System.Globalization;
using System.Reflection;

namespace Actors.Testing;

/// <summary>
/// Selects the jobs into which a <see cref="FaultPlan"/> injects a fault. A chunk of a map is one job. Immutable: the methods return
/// changed copies.
/// </summary>
public sealed record FaultTrigger
{
    private FaultTrigger()
    {
    }

    /// <summary>The only function whose jobs count; null for every function.</summary>
    internal MethodInfo? Function { get; private init; }

    /// <summary>The number of the job among those that count; null for another selection.</summary>
    internal int? Number { get; private init; }

    /// <summary>Selects each job whose number is a multiple of this; null for another selection.</summary>
    internal int? Period { get; private init; }

    /// <summary>The probability for each attempt; null for another selection.</summary>
    internal double? Probability { get; private init; }

    /// <summary>The time after the start; null for a selection of jobs.</summary>
    internal TimeSpan? Time { get; private init; }

    /// <summary>The period of a fault by time; zero for once.</summary>
    internal TimeSpan TimePeriod { get; private init; }

    /// <summary>The attempt of the job; 0 for every attempt.</summary>
    internal int Attempt { get; private init; } = 1;

    /// <summary>Selects one job by its number, counted from 1 in the order of submission.</summary>
    /// <param name="number">The number; at least 1.</param>
    public static FaultTrigger OnJob(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        return new FaultTrigger { Number = number };
    }

    /// <summary>Selects every job of a function.</summary>
    /// <param name="function">The function, as it is submitted.</param>
    public static FaultTrigger OnFunction(Delegate function) => new FaultTrigger { Period = 1 }.Of(function);

    /// <summary>Selects every <paramref name="jobs"/>th job.</summary>
    /// <param name="jobs">The period; at least 1.</param>
    public static FaultTrigger Every(int jobs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(jobs);
        return new FaultTrigger { Period = jobs };
    }

    /// <summary>Selects each attempt of each job with a probability. The same seed selects the same attempts.</summary>
    /// <param name="probability">From 0 to 1.</param>
    public static FaultTrigger Randomly(double probability)
    {
        if (probability is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability must be from 0 to 1.");
        return new FaultTrigger { Probability = probability, Attempt = 0 };
    }

    /// <summary>
    /// Injects once, at a time after the start of the pool. A fault of a worker concerns one that is chosen by the seed. Needs
    /// <see cref="TestPool.Simulated"/> or <see cref="TestPool.StartAsync"/>.
    /// </summary>
    /// <param name="time">The time; not negative.</param>
    public static FaultTrigger AtTime(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        return new FaultTrigger { Time = time };
    }

    /// <summary>Injects periodically by time, first after one period. Needs the same modes as <see cref="AtTime"/>.</summary>
    /// <param name="period">The period; above 0.</param>
    public static FaultTrigger Periodically(TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        return new FaultTrigger { Time = period, TimePeriod = period };
    }

    /// <summary>Counts and selects only jobs of one function.</summary>
    /// <param name="function">The function, as it is submitted.</param>
    public FaultTrigger Of(Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);
        RequireJobs();
        return this with { Function = function.Method };
    }

    /// <summary>Selects another attempt than the first, which is the default of all triggers but <see cref="Randomly"/>.</summary>
    /// <param name="attempt">The number of the attempt; at least 1.</param>
    public FaultTrigger OnAttempt(int attempt)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(attempt);
        RequireJobs();
        return this with { Attempt = attempt };
    }

    /// <summary>Selects every attempt of the job, so that no retry succeeds.</summary>
    public FaultTrigger OnEveryAttempt() => this with { Attempt = 0 };

    /// <summary>Returns a text such as <c>job 3 of Orders.Charge, attempt 1</c>.</summary>
    public override string ToString()
    {
        if (Time is { } time)
            return TimePeriod > TimeSpan.Zero ? $"every {TimePeriod}" : $"at {time}";
        var jobs = (Number, Period, Probability) switch
        {
            ({ } number, _, _) => string.Create(CultureInfo.InvariantCulture, $"job {number}"),
            (_, 1, _) => "every job",
            (_, { } period, _) => string.Create(CultureInfo.InvariantCulture, $"every {period} jobs"),
            _ => string.Create(CultureInfo.InvariantCulture, $"jobs with probability {Probability}"),
        };
        var function = Function is null ? "" : $" of {Messages.Functions.FunctionNames.GetName(Function)}";
        return Attempt == 0 ? $"{jobs}{function}" : string.Create(CultureInfo.InvariantCulture, $"{jobs}{function}, attempt {Attempt}");
    }

    private void RequireJobs()
    {
        if (Time is not null)
            throw new InvalidOperationException($"The trigger '{this}' selects a time, not jobs.");
    }
}
