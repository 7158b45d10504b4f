using System.Threading.Channels;

namespace Actors.Pools;

/// <summary>
/// Yields the results of a lazy map while its source is read on another thread. An iterator method cannot continue after it threw for a
/// failed item, so this class is written by hand. For one consumer, like every enumerator.
/// </summary>
internal sealed class MapStreamEnumerator<T, TResult, TItem> : IAsyncEnumerator<TItem>
{
    private readonly bool _isOrdered;
    private readonly MapGathering<T> _gathering;
    private readonly MapSource<T> _source;
    private readonly Action<MapJob<TResult>, T[], CancellationToken> _submit;
    private readonly Func<MapChunk<TResult>, int, TItem> _take;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _token;
    private readonly Channel<Arrival> _arrived = Channel.CreateUnbounded<Arrival>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<long, MapChunk<TResult>> _early = [];
    private MapChunk<TResult>? _chunk;
    private Exception? _sourceError;
    private int _index;
    private long _consumed;
    private long _total = long.MaxValue;
    private bool _isUsedUp;

    public MapStreamEnumerator(MapStream<T, TResult, TItem> stream, CancellationToken cancellationToken)
    {
        _isOrdered = stream.IsOrdered;
        _submit = stream.Submit;
        _take = stream.Take;
        _gathering = new MapGathering<T>(
            stream.ChunkSize, SubmitChunk, (total, error) => _arrived.Writer.TryWrite(new Arrival(total, null, error)));
        _source = new MapSource<T>(stream.Items, _gathering, stream.MaxChunksAhead);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _token = _stop.Token;
    }

    /// <inheritdoc/>
    public TItem Current { get; private set; } = default!;

    /// <inheritdoc/>
    public async ValueTask<bool> MoveNextAsync()
    {
        // Do not keep the yielded value alive while the consumer waits for the next.
        Current = default!;
        _source.StartReading();
        if (_chunk is null && !await TakeChunkAsync().ConfigureAwait(false))
            return EndStream();
        Current = TakeItem();
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await _source.StopReadingAsync().ConfigureAwait(false);
        }
        finally
        {
            _gathering.Dispose();
            _stop.Dispose();
        }
    }

    private void SubmitChunk(long start, T[] items) =>
        _submit(new MapJob<TResult>(start, items.Length, OnChunkEnded), items, _token);

    private void OnChunkEnded(MapChunk<TResult> results) => _arrived.Writer.TryWrite(new Arrival(results.Start, results, null));

    private TItem TakeItem()
    {
        var chunk = _chunk!;
        var index = _index++;
        if (_index == chunk.Count)
            (_chunk, _isUsedUp) = (null, true);
        return _take(chunk, index);
    }

    /// <returns>True when another chunk is available.</returns>
    private async ValueTask<bool> TakeChunkAsync()
    {
        if (_isUsedUp)
            _source.ReleaseChunk();
        _isUsedUp = false;
        _index = 0;
        while (_consumed < _total)
        {
            if (_isOrdered && _early.Remove(_consumed, out _chunk))
                break;
            var arrival = await _arrived.Reader.ReadAsync(_token).ConfigureAwait(false);
            if (arrival.Results is null)
                (_total, _sourceError) = (arrival.Start, arrival.SourceError);
            else if (_isOrdered && arrival.Start != _consumed)
                _early[arrival.Start] = arrival.Results;
            else
                _chunk = arrival.Results;
            if (_chunk is not null)
                break;
        }

        _consumed += _chunk?.Count ?? 0;
        return _chunk is not null;
    }

    private bool EndStream()
    {
        if (Interlocked.Exchange(ref _sourceError, null) is { } error)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        return false;
    }

    /// <summary>The results of a chunk, or the end of the source.</summary>
    /// <param name="Start">The index of the chunk's first item; at the end the number of items.</param>
    /// <param name="Results">The results; null at the end.</param>
    /// <param name="SourceError">The exception of the source; null for none.</param>
    private readonly record struct Arrival(long Start, MapChunk<TResult>? Results, Exception? SourceError);
}
