using System.Runtime.CompilerServices;
using Actors.Messages;
using Actors.Pools;

namespace Actors;

/// <summary>
/// Handle of a map that the pool has accepted: await it for the results, or store its id to attach to it from another program.
/// Thread-safe.
/// </summary>
/// <typeparam name="TResults">
/// The type of the results: an array of the function's results, or of <see cref="ItemResult{TResult}"/>.
/// </typeparam>
/// <example>
/// <code>
/// MapHandle&lt;string[]&gt; map = await pool.SubmitMapAsync(Render, invoices);
/// await SaveAsync(map.Id);
/// // In another run of the program, after a crash:
/// string[] pages = await pool.AttachMap&lt;string&gt;(id);
/// </code>
/// </example>
public sealed class MapHandle<TResults>
{
    private readonly RetainedChunks _chunks;
    private readonly JobControl _control;
    private readonly Task<TResults> _results;
    private readonly bool _isAcknowledgedExplicitly;
    private Task<TResults>? _received;

    internal MapHandle(MapId id, RetainedChunks chunks, JobControl control, Task<TResults> results, bool isAcknowledgedExplicitly)
    {
        (Id, _chunks, _control) = (id.ToString(), chunks, control);
        (_results, _isAcknowledgedExplicitly) = (results, isAcknowledgedExplicitly);
    }

    /// <summary>
    /// Gets the id of the map, which names the jobs of its chunks. In a durable pool any program can attach to it with
    /// <see cref="ProcessPool.AttachMap{T}"/> or <see cref="ProcessPool.AttachMapResults{T}"/>, until the results were acknowledged or
    /// <see cref="PoolOptions.ResultRetention"/> has passed. Usually below 50 characters. It is longer if several threads submitted jobs to
    /// the pool at the same time: at most about 25 characters for each chunk.
    /// </summary>
    public string Id { get; }

    /// <summary>Gets whether the map has ended, as Python's <c>ready()</c>.</summary>
    public bool IsCompleted => _results.IsCompleted;

    /// <summary>
    /// Gets the task that completes with the results in item order, when every item has ended. It fails as that of <c>MapAsync</c>. A chunk
    /// that the pool does not know any more fails with <see cref="JobNotFoundException"/>.
    /// </summary>
    public Task<TResults> Task =>
        _isAcknowledgedExplicitly ? _results : LazyInitializer.EnsureInitialized(ref _received, ReceiveAsync);

    /// <summary>Supports <c>await handle</c>, which gives the results.</summary>
    public TaskAwaiter<TResults> GetAwaiter() => Task.GetAwaiter();

    /// <summary>Asks the chunks to stop, as <see cref="JobHandle.Cancel"/>. Does nothing when the map has ended.</summary>
    public void Cancel()
    {
        foreach (var chunk in _chunks.All)
            _control.CancelJob(chunk);
    }

    /// <summary>
    /// Confirms that the program has processed the results, which a durable pool then removes: with
    /// <see cref="ResultAcknowledgment.Explicit"/> only this call does so. It takes effect within seconds, at the latest when the pool is
    /// disposed. Call it before the disposal, also after <c>CompleteAsync</c>. Has no effect in other pools, and when it is repeated.
    /// </summary>
    /// <exception cref="InvalidOperationException">The map has not ended.</exception>
    public void Acknowledge()
    {
        if (!IsCompleted)
            throw new InvalidOperationException($"The map has not ended: await the handle before {nameof(Acknowledge)}.");
        _chunks.AcknowledgeOutcomes();
    }

    /// <summary>Acknowledges the results before the caller has them: an acknowledgment is sent some seconds later.</summary>
    private Task<TResults> ReceiveAsync() => _chunks.AcknowledgeAfter(_results).ContinueWith(
        static (_, results) => (Task<TResults>)results!, _results, CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously, SimulatedThread.Scheduler).Unwrap();
}
