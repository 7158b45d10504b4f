using Actors.Runtime;

namespace Actors;

/// <summary>How one job is to be run, and who is told of its end. Immutable; change a copy with <c>with</c>.</summary>
public sealed record JobOptions
{
    private const int AttemptsOfRetry = 3;

    /// <summary>
    /// How long a run of the function may take, from its begin in the executor. Then the executor is killed and replaced and the job ends
    /// with <see cref="JobTimedOutException"/>; it is not run again. Null, the default, is for ever; otherwise from 0, which counts as 1 ms,
    /// to 24.8 days. The time that a job waits for an executor does not count. For a map it limits each item: it begins anew with each item
    /// of a chunk. The other items of the chunk fail with the one that takes too long; automatic chunks have one item where this is set.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// For <c>MapAsync</c>, <c>StarMapAsync</c> and their forms: how long the whole map may take, from the call on. Then the items that have
    /// not ended are cancelled, and the map fails with <see cref="JobTimedOutException"/>; <c>MapResultsAsync</c> returns the results that
    /// exist. Null, the default, is for ever; otherwise 0 to 24.8 days. Not for other calls: limit a job with <see cref="Timeout"/>, and
    /// cancel the enumeration of <c>IMap</c>.
    /// </summary>
    public TimeSpan? MapTimeout { get; init; }

    /// <summary>
    /// Whether the job is run again when its executor is lost: killed, crashed, exited, or gone with its node. Null, the default, is as
    /// <see cref="PoolOptions.MaxAttempts"/> of the pool says, which is "yes, three starts in all" unless it was changed. False: never
    /// begun twice, as <see cref="AtMostOnce"/>. True: also in a pool that does not, up to <see cref="MaxAttempts"/> starts (3 if that is null).
    /// </summary>
    public bool? RetryOnWorkerLost { get; init; }

    /// <summary>How often the job is started at most when its executors are lost. Null, the default, is as the pool says; at least 1.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>
    /// For a map: its first error to arrive ends it, and the chunks that have not ended are cancelled. False, the default, is as in
    /// Python: every item is tried, and then the map fails with the error of the first item that did.
    /// </summary>
    public bool FailFast { get; init; }

    /// <summary>
    /// For a map: is told how many items have ended, by time: at most ten times a second, at least twice a second while items end, and
    /// always at the end. It is called as callbacks are (see <see cref="ErrorCallback"/>). Null, the default, is nobody.
    /// </summary>
    public IProgress<int>? Progress { get; init; }

    /// <summary>
    /// Told what a failed job ended with, as Python's <c>error_callback</c>. The callbacks of a pool are called one at a time in the
    /// order of the ends, by no thread that results need; <see cref="ProcessPool.JoinAsync"/> waits for them. What one throws is said on
    /// standard error, and nothing else comes of it. Null, the default, is nobody. Not for <c>IMap</c>.
    /// </summary>
    public Action<Exception>? ErrorCallback { get; init; }

    /// <summary>The job is never started twice: when its executor is lost it ends with <see cref="WorkerLostException"/>. Such jobs are sent one at a time.</summary>
    public static JobOptions AtMostOnce { get; } = new() { RetryOnWorkerLost = false };

    internal Delegate? Callback { get; init; }

    internal long TimeoutMilliseconds => TimeoutRule.MillisecondsOrZero(Timeout);

    /// <summary>These options and a callback that is given the result, as Python's <c>callback</c>; called as <see cref="ErrorCallback"/> is.</summary>
    /// <typeparam name="T">What the function returns; for a map an array of it. Another type is refused when the job is submitted.</typeparam>
    public JobOptions WithCallback<T>(Action<T> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return this with { Callback = callback };
    }

    /// <summary>These options and a callback for a function without a result.</summary>
    public JobOptions WithCallback(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return this with { Callback = callback };
    }

    /// <summary>How often a job is started at most.</summary>
    internal static int AttemptsOf(JobOptions? options, int ofPool) => options switch
    {
        { RetryOnWorkerLost: false } => 1,
        { MaxAttempts: { } attempts } => attempts,
        { RetryOnWorkerLost: true } => ofPool > 1 ? ofPool : AttemptsOfRetry,
        _ => ofPool,
    };

    internal void Validate()
    {
        TimeoutRule.Require(Timeout);
        TimeoutRule.Require(MapTimeout);
        if (MaxAttempts < 1)
            throw new ArgumentOutOfRangeException(nameof(MaxAttempts), MaxAttempts, "A job must be started at least once.");
        if (RetryOnWorkerLost is { } retry && MaxAttempts is { } attempts && retry != attempts > 1)
        {
            throw new ArgumentException(
                $"{nameof(RetryOnWorkerLost)} = {retry} contradicts {nameof(MaxAttempts)} = {attempts}: set one of them.", nameof(MaxAttempts));
        }
    }
}
