using System.Runtime.CompilerServices;
using Actors.Pools;

namespace Actors;

/// <summary>Handle of a submitted job with a result of type <typeparamref name="T"/>.</summary>
/// <typeparam name="T">The result type of the function.</typeparam>
/// <example>
/// <code>
/// JobHandle&lt;int&gt; job = pool.ApplyAsync(Square, 7);
/// Task&lt;int&gt; task = job.Task;
/// int[] all = await Task.WhenAll(items.Select(i => pool.ApplyAsync(Square, i)));
/// </code>
/// </example>
/// <remarks>The base class has no <c>GetAwaiter</c> of its own, because F# could not choose between the two.</remarks>
public sealed class JobHandle<T> : JobHandle
{
    private readonly PendingCall<T> _call;

    internal JobHandle(JobControl control, Action<Task<T>>? ended = null) => _call = new PendingCall<T>(ended) { Control = control };

    /// <summary>Gets the task that completes with the result when the job ends.</summary>
    public Task<T> Task => _call.Task;

    /// <inheritdoc/>
    public override Task Completion => _call.Task;

    internal override PendingJob Pending => _call;

    /// <summary>The task of the job, which does not count as a receipt of the result.</summary>
    internal Task<T> SeenTask => _call.SeenTask;

    internal override Task SeenCompletion => _call.SeenTask;

    internal override JobState EndState => _call.EndState;

    private protected override Task Ending => _call.Ending;

    /// <summary>Blocks until the job has ended and returns its result, as Python's <c>get(timeout)</c>.</summary>
    /// <param name="timeout">The longest time to wait; null waits without limit.</param>
    /// <param name="cancellationToken">Cancels the wait; the job continues.</param>
    /// <exception cref="TimeoutException">The job did not end within the timeout; it continues.</exception>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    /// <exception cref="Exception">The failure of the job, as when the handle is awaited: see <see cref="JobHandle"/>.</exception>
    public T Get(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        if (!Wait(timeout, cancellationToken))
        {
            throw new TimeoutException(
                $"{Pending.Call} did not end within {timeout} and continues to run. Cancel the job, or wait longer.");
        }

        return _call.Task.WaitForResult();
    }

    /// <summary>Supports <c>await handle</c>, which gives the result.</summary>
    public TaskAwaiter<T> GetAwaiter() => _call.Task.GetAwaiter();
}
