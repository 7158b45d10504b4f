using System.Runtime.CompilerServices;
using Actors.Pools;
using Actors.Runtime;

namespace Actors;

/// <summary>
/// A job that was submitted: await it, or ask how it goes, as Python's <c>AsyncResult</c>. Awaiting gives back what the function threw,
/// or <see cref="JobTimedOutException"/>, <see cref="JobCancelledException"/>, <see cref="WorkerLostException"/>,
/// <see cref="PoolTerminatedException"/>, <see cref="PoolFailedException"/>, <see cref="CoordinatorLostException"/>, <see cref="DurableStoreException"/>,
/// <see cref="PayloadStoreException"/>, <see cref="FunctionNotFoundException"/>, or <see cref="JobNotFoundException"/>. Thread-safe.
/// </summary>
public abstract class JobHandle
{
    private readonly Action<long> _cancel;

    private protected JobHandle(Action<long> cancel) => _cancel = cancel;

    /// <summary>The job's number in its pool, counted from 1.</summary>
    public long Id => Pending.Id.Value;

    /// <summary>Whether the job has ended, as Python's <c>ready()</c>.</summary>
    public bool IsCompleted => Completion.IsCompleted;

    /// <summary>Whether the function returned, as Python's <c>successful()</c>.</summary>
    /// <exception cref="InvalidOperationException">The job has not ended.</exception>
    public bool IsSuccessful => IsCompleted
        ? Completion.IsCompletedSuccessfully
        : throw new InvalidOperationException($"Job {Id} has not ended: await it, or ask {nameof(IsCompleted)} first.");

    /// <summary>How often the function was started; 0 until the job has ended.</summary>
    public int Attempts => Pending.Attempts;

    /// <summary>Ends when the job does, in the same way.</summary>
    public abstract Task Completion { get; }

    internal abstract PendingJob Pending { get; }

    /// <summary>
    /// Asks the job to stop: one that waits ends at once, one that runs is asked through its <see cref="CancellationToken"/> parameter
    /// and killed with its executor after the pool's grace time. Nothing when the job has ended.
    /// </summary>
    public void Cancel() => _cancel(Id);

    /// <summary>Blocks until the job has ended, as Python's <c>wait(timeout)</c>. Does not throw what the job threw.</summary>
    /// <param name="timeout">How long to wait at most; null is for ever.</param>
    /// <param name="cancellationToken">Gives up waiting; the job goes on.</param>
    /// <returns>Whether it has ended.</returns>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var limit = TimeoutRule.Require(timeout);
        var ended = Completion.ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return ended.Wait(limit, cancellationToken);
    }

    /// <summary>Makes <c>await handle</c> work.</summary>
    public TaskAwaiter GetAwaiter() => Completion.GetAwaiter();
}

/// <summary>A job with a result of type <typeparamref name="T"/>.</summary>
/// <typeparam name="T">What its function returns.</typeparam>
public sealed class JobHandle<T> : JobHandle
{
    private readonly PendingCall<T> _call;

    internal JobHandle(Func<ReadOnlyMemory<byte>, T> decode, Action<long> cancel, Action<Task<T>>? ended = null)
        : base(cancel) => _call = new PendingCall<T>(decode, ended);

    /// <summary>Ends when the job does, with its result.</summary>
    public Task<T> Task => _call.Task;

    /// <inheritdoc/>
    public override Task Completion => _call.Task;

    internal override PendingJob Pending => _call;

    /// <summary>Blocks until the job has ended and gives its result, as Python's <c>get(timeout)</c>.</summary>
    /// <param name="timeout">How long to wait at most; null is for ever.</param>
    /// <param name="cancellationToken">Gives up waiting; the job goes on.</param>
    /// <exception cref="TimeoutException">The job has not ended in time; it goes on.</exception>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    /// <exception cref="Exception">What the job ended with, as for awaiting it: see <see cref="JobHandle"/>.</exception>
    public T Get(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        if (!Wait(timeout, cancellationToken))
            throw new TimeoutException($"Job {Id} has not ended within {timeout}; it goes on. Cancel it, or wait longer.");
        return _call.Task.GetAwaiter().GetResult();
    }

    /// <summary>Makes <c>await handle</c> give the result.</summary>
    public new TaskAwaiter<T> GetAwaiter() => _call.Task.GetAwaiter();
}
