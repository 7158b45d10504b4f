using Actors.Messages.Functions;

namespace Actors;

/// <content>Star maps whose acceptance is awaited, and that other programs attach to.</content>
public partial class ProcessPool
{
    /// <summary>
    /// Calls the function with the elements of each tuple as arguments, as <c>StarMapAsync</c> does, and waits until all chunks are
    /// accepted. The handle and its id are those of <c>SubmitMapAsync</c>: <see cref="AttachMap"/> finds the map in any program.
    /// </summary>
    /// <inheritdoc cref="SubmitMapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<MapHandle<TResult[]>> SubmitStarMapAsync<T1, T2, TResult>(
        Func<T1, T2, TResult> function, IEnumerable<(T1, T2)> items,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitMapUntilAcceptedAsync<(T1, T2), TResult>(
            chunk => CallEncoder.PrepareStarMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <summary>
    /// Calls the function with the elements of each tuple as arguments, as <c>StarMapAsync</c> does, and waits until all chunks are
    /// accepted. The handle and its id are those of <c>SubmitMapAsync</c>: <see cref="AttachMap"/> finds the map in any program.
    /// </summary>
    /// <inheritdoc cref="SubmitMapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<MapHandle<TResult[]>> SubmitStarMapAsync<T1, T2, TResult>(
        Func<T1, T2, Task<TResult>> function, IEnumerable<(T1, T2)> items,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitMapUntilAcceptedAsync<(T1, T2), TResult>(
            chunk => CallEncoder.PrepareStarMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <summary>
    /// Calls the function with the elements of each tuple as arguments, as <c>StarMapAsync</c> does, and waits until all chunks are
    /// accepted. The handle and its id are those of <c>SubmitMapAsync</c>: <see cref="AttachMap"/> finds the map in any program.
    /// </summary>
    /// <inheritdoc cref="SubmitMapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<MapHandle<TResult[]>> SubmitStarMapAsync<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> function, IEnumerable<(T1, T2, T3)> items,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitMapUntilAcceptedAsync<(T1, T2, T3), TResult>(
            chunk => CallEncoder.PrepareStarMap(function, chunk), items, chunkSize, options, cancellationToken);

    /// <summary>
    /// Calls the function with the elements of each tuple as arguments, as <c>StarMapAsync</c> does, and waits until all chunks are
    /// accepted. The handle and its id are those of <c>SubmitMapAsync</c>: <see cref="AttachMap"/> finds the map in any program.
    /// </summary>
    /// <inheritdoc cref="SubmitMapAsync{T, TResult}(Func{T, TResult}, IEnumerable{T}, int?, JobOptions?, CancellationToken)"/>
    public Task<MapHandle<TResult[]>> SubmitStarMapAsync<T1, T2, T3, TResult>(
        Func<T1, T2, T3, Task<TResult>> function, IEnumerable<(T1, T2, T3)> items,
        int? chunkSize = null, JobOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitMapUntilAcceptedAsync<(T1, T2, T3), TResult>(
            chunk => CallEncoder.PrepareStarMap(function, chunk), items, chunkSize, options, cancellationToken);
}
