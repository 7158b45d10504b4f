using Actors.Messages.Jobs;
using Actors.Runtime;

namespace Actors;

/// <summary>Options of one job or map. Immutable; change a copy with <c>with</c>.</summary>
public sealed record JobOptions
{
    private const int AttemptsOfRetry = 3;
    private const int LongestKey = 200;

    /// <summary>
    /// The longest run time of the function, counted from its start in the worker; the time in queues does not count. When it is exceeded,
    /// the worker is killed and replaced, and the job ends with <see cref="JobTimedOutException"/> without a retry. In a map the limit
    /// applies to each item; the other items of the chunk fail with the one that exceeds it, so automatic chunks have one item when this is
    /// set. With <see cref="CancellationTriggers.Timeout"/> the job is canceled first (<see cref="PoolOptions.CancelOn"/>). From 0 (which
    /// counts as 1 ms) to 24.8 days. Default: null, no limit.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// The longest time for a whole <c>MapAsync</c>, <c>StarMapAsync</c> or a variant of these, counted from the call. When it is exceeded,
    /// the remaining items are canceled and the map fails with <see cref="JobTimedOutException"/>; <c>MapResultsAsync</c> returns the
    /// existing results instead. From 0 to 24.8 days. Default: null, no limit. Other calls reject it: limit a job with
    /// <see cref="Timeout"/>, and cancel the enumeration of <c>IMap</c>.
    /// </summary>
    public TimeSpan? MapTimeout { get; init; }

    /// <summary>
    /// Whether the job is retried after its worker was lost: killed, crashed, exited, or lost with its node. False never starts the job
    /// twice, like <see cref="AtMostOnce"/>. True retries even in a pool that does not, up to <see cref="MaxAttempts"/> attempts (3 when
    /// that is null). Default: null, as <see cref="PoolOptions.MaxAttempts"/> of the pool (three attempts by default).
    /// </summary>
    public bool? RetryOnWorkerLost { get; init; }

    /// <summary>The highest number of attempts when workers are lost. At least 1. Default: null, the value of the pool.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>
    /// The priority among the waiting jobs of the pool: a job with a greater priority runs first, jobs of equal priority in the order of
    /// their submission. Every 10 seconds of waiting raise the priority by one, so a job with a low priority runs eventually. A job that
    /// was already sent to a worker, at most a few milliseconds of work ahead, is not overtaken. From <see cref="int.MinValue"/> to <see
    /// cref="int.MaxValue"/>. Default: 0. Python's pool has no priorities.
    /// </summary>
    public int Priority { get; init; }

    /// <summary>
    /// In a map: whether the first error ends the map and cancels the remaining chunks. False runs every item and then fails with the
    /// error of the first failed item, as Python does. Default: false.
    /// </summary>
    public bool FailFast { get; init; }

    /// <summary>
    /// In a map: receives the number of ended items, at most ten times a second, at least twice a second while items end, and always at the
    /// end. Called in the same way as <see cref="ErrorCallback"/>. Default: null, no reports.
    /// </summary>
    public IProgress<int>? Progress { get; init; }

    /// <summary>
    /// Receives the exception of a failed job, as Python's <c>error_callback</c>. The callbacks of a pool run one at a time, in the order
    /// in which jobs end, on a thread that does not delay results; <see cref="ProcessPool.JoinAsync"/> waits for them. An exception of a
    /// callback is written to standard error and otherwise ignored. Default: null. <c>IMap</c> rejects it.
    /// </summary>
    public Action<Exception>? ErrorCallback { get; init; }

    /// <summary>
    /// A name of the job in its durable pool, chosen by the caller, so that a submission can be repeated. While a job with this key is
    /// unfinished or its outcome is retained, submitting the same function and arguments again returns a handle of that job; options other
    /// than callbacks have no effect then. Another function or other arguments fail with <see cref="JobKeyConflictException"/>. Functions
    /// are compared by name. The key is forgotten with the outcome of the job. The chunks of a map have the keys <c>KEY#INDEX</c>, with the
    /// index of their first item: the same map with the same chunk size returns the results of its chunks. From 1 to 200 characters,
    /// including that index; case-sensitive. Default: null, no key. Pools that are not durable, and lazy maps, reject it.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>
    /// Gets options for a job that is never started twice: when its worker is lost it ends with <see cref="WorkerLostException"/>. A worker
    /// receives such jobs one at a time.
    /// </summary>
    public static JobOptions AtMostOnce { get; } = new() { RetryOnWorkerLost = false };

    internal Delegate? Callback { get; init; }

    internal long TimeoutMilliseconds => TimeoutRule.ToMillisecondsOrZero(Timeout);

    /// <summary>
    /// Returns these options with a callback for the result, as Python's <c>callback</c>. It is called in the same way as
    /// <see cref="ErrorCallback"/>.
    /// </summary>
    /// <typeparam name="T">The result type of the function; for a map, an array of it. Submitting throws for another type.</typeparam>
    public JobOptions WithCallback<T>(Action<T> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return this with { Callback = callback };
    }

    /// <summary>Returns these options with a callback for a function without a result.</summary>
    public JobOptions WithCallback(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return this with { Callback = callback };
    }

    /// <summary>Returns the options that apply outside of this process.</summary>
    /// <param name="attemptsOfPool">The pool's value of <see cref="PoolOptions.MaxAttempts"/>.</param>
    internal JobPolicy ToPolicy(int attemptsOfPool)
    {
        var attempts = this switch
        {
            { RetryOnWorkerLost: false } => 1,
            { MaxAttempts: { } own } => own,
            { RetryOnWorkerLost: true } => attemptsOfPool > 1 ? attemptsOfPool : AttemptsOfRetry,
            _ => attemptsOfPool,
        };
        return new JobPolicy(TimeoutMilliseconds, attempts, Priority, Key);
    }

    internal void Validate()
    {
        TimeoutRule.RequireValid(Timeout);
        TimeoutRule.RequireValid(MapTimeout);
        if (Key is { Length: 0 or > LongestKey })
        {
            throw new ArgumentException(
                $"{nameof(JobOptions)}.{nameof(Key)} has {Key.Length} characters: use from 1 to {LongestKey}.", nameof(Key));
        }

        if (MaxAttempts < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(MaxAttempts), MaxAttempts, $"{nameof(JobOptions)}.{nameof(MaxAttempts)} must be at least 1.");
        }

        if (RetryOnWorkerLost is { } retry && MaxAttempts is { } attempts && retry != attempts > 1)
        {
            throw new ArgumentException(
                $"{nameof(RetryOnWorkerLost)} = {retry} contradicts {nameof(MaxAttempts)} = {attempts}: set one of "
                + "them.", nameof(MaxAttempts));
        }
    }
}
