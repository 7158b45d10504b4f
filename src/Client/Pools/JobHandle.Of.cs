using System.Runtime.CompilerServices;
using Actors.Pools;

namespace Actors;

/// <summary>A job with a result of type <typeparamref name="T"/>.</summary>
/// <typeparam name="T">What its function returns.</typeparam>
/// <example>
/// <code>
/// JobHandle&lt;int&gt; job = pool.ApplyAsync(Square, 7);
/// Task&lt;int&gt; task = job.Task;
/// int[] all = await Task.WhenAll(items.Select(i => pool.ApplyAsync(Square, i)));
/// </code>
/// </example>
/// <remarks>The base class has no <c>GetAwaiter</c> of its own: F# could not choose between the two.</remarks>
public sealed class JobHandle<T> : JobHandle
{
    private readonly PendingCall<T> _call;

    internal JobHandle(Func<ReadOnlyMemory<byte>, T> decode, JobControl control, Action<Task<T>>? ended = null)
        : base(control) => _call = new PendingCall<T>(decode, ended);

    /// <summary>The job as a task: ends when the job does, with its result.</summary>
    public Task<T> Task => _call.Task;

    /// <inheritdoc/>
    public override Task Completion => _call.Task;

    internal override PendingJob Pending => _call;

    internal override JobState EndState => _call.EndState;

    private protected override Task Ending => _call.Ending;

    private protected override void See() => _call.See();

    /// <summary>Blocks until the job has ended and gives its result, as Python's <c>get(timeout)</c>.</summary>
    /// <param name="timeout">How long to wait at most; null is for ever.</param>
    /// <param name="cancellationToken">Gives up waiting; the job goes on.</param>
    /// <exception cref="TimeoutException">The job has not ended in time; it goes on.</exception>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    /// <exception cref="Exception">What the job ended with, as for awaiting it: see <see cref="JobHandle"/>.</exception>
    public T Get(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        if (!Wait(timeout, cancellationToken))
            throw new TimeoutException($"{Pending.Call} has not ended within {timeout}; it goes on. Cancel it, or wait longer.");
        return _call.Task.GetAwaiter().GetResult();
    }

    /// <summary>Makes <c>await handle</c> give the result.</summary>
    public TaskAwaiter<T> GetAwaiter() => _call.Task.GetAwaiter();
}
