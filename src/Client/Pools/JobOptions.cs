namespace Actors;

/// <summary>How one job is to be run. Immutable; change a copy with <c>with</c>.</summary>
public sealed record JobOptions
{
    /// <summary>
    /// How long a run of the function may take, from its begin in the executor. Then the executor is killed and replaced and the job ends
    /// with <see cref="JobTimedOutException"/>; it is not run again. Null, the default, is for ever; otherwise at least 1 ms. For a map
    /// it holds for each chunk.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often the job is started at most when its executors are lost. Null, the default, is as the pool says; at least 1.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>The job is never started twice: when its executor is lost it ends with <see cref="WorkerLostException"/>. Such jobs are sent one at a time.</summary>
    public static JobOptions AtMostOnce { get; } = new() { MaxAttempts = 1 };

    internal long TimeoutMilliseconds => Timeout is { } timeout ? Math.Max(1, (long)timeout.TotalMilliseconds) : 0;

    internal void Validate()
    {
        if (Timeout is { } timeout && timeout < TimeSpan.FromMilliseconds(1))
            throw new ArgumentOutOfRangeException(nameof(Timeout), timeout, "A job's timeout must be at least 1 ms; null is for ever.");
        if (MaxAttempts < 1)
            throw new ArgumentOutOfRangeException(nameof(MaxAttempts), MaxAttempts, "A job must be started at least once.");
    }
}
