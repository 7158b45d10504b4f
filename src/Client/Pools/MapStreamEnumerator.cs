using System.Threading.Channels;

namespace Actors.Pools;

/// <summary>
/// Draws items in as results are taken out. Written by hand, since an iterator method could not go on after it threw for a failed item.
/// For one consumer, like every enumerator.
/// </summary>
internal sealed class MapStreamEnumerator<T, TResult> : IAsyncEnumerator<TResult>
{
    private readonly IEnumerator<T> _items;
    private readonly int _chunkSize;
    private readonly int _maxAhead;
    private readonly bool _isOrdered;
    private readonly Action<PendingJob, T[], CancellationToken> _submit;
    private readonly CancellationTokenSource _stop;
    private readonly Channel<(int Chunk, MapChunk<TResult> Results)> _arrived =
        Channel.CreateUnbounded<(int, MapChunk<TResult>)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Dictionary<int, MapChunk<TResult>> _early = [];
    private MapChunk<TResult>? _chunk;
    private Exception? _inputError;
    private int _index;
    private int _submitted;
    private int _taken;
    private bool _inputEnded;

    public MapStreamEnumerator(
        IEnumerator<T> items, int chunkSize, int maxAhead, bool isOrdered, Action<PendingJob, T[], CancellationToken> submit,
        CancellationToken cancellationToken)
    {
        _items = items;
        _chunkSize = chunkSize;
        _maxAhead = maxAhead;
        _isOrdered = isOrdered;
        _submit = submit;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <inheritdoc/>
    public TResult Current { get; private set; } = default!;

    /// <inheritdoc/>
    public async ValueTask<bool> MoveNextAsync()
    {
        while (_chunk is null || _index == _chunk.Count)
        {
            DrawIn();
            if (_taken == _submitted)
                return End();
            _chunk = await TakeChunkAsync().ConfigureAwait(false);
            _index = 0;
            _taken++;
        }

        Current = _chunk[_index++];
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _items.Dispose();
        _stop.Dispose();
    }

    private void DrawIn()
    {
        while (!_inputEnded && _submitted - _taken < _maxAhead)
        {
            var chunk = NextChunk();
            if (chunk.Length == 0)
                return;
            _submit(new MapJob<TResult>(_submitted, chunk.Length, Arrive), chunk, _stop.Token);
            _submitted++;
        }
    }

    private T[] NextChunk()
    {
        var chunk = new List<T>(_chunkSize);
        try
        {
            while (chunk.Count < _chunkSize && _items.MoveNext())
                chunk.Add(_items.Current);
        }
        catch (Exception exception)
        {
            // It comes at its place: after the results of the items before.
            _inputError = exception;
        }

        _inputEnded = chunk.Count < _chunkSize;
        return [.. chunk];
    }

    private void Arrive(int chunk, MapChunk<TResult> results) => _arrived.Writer.TryWrite((chunk, results));

    private async ValueTask<MapChunk<TResult>> TakeChunkAsync()
    {
        while (true)
        {
            if (_isOrdered && _early.Remove(_taken, out var early))
                return early;
            var (chunk, results) = await _arrived.Reader.ReadAsync(_stop.Token).ConfigureAwait(false);
            if (!_isOrdered || chunk == _taken)
                return results;
            _early[chunk] = results;
        }
    }

    private bool End()
    {
        if (Interlocked.Exchange(ref _inputError, null) is { } error)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        return false;
    }
}
