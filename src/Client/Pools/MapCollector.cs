namespace Actors.Pools;

/// <summary>
/// Collects the chunks of a map until all have ended, as Python does; then there are all results in the order of the items, or the error
/// of the first item that failed.
/// </summary>
internal sealed class MapCollector<TResult>(int items, int chunkSize)
{
    private readonly TResult[] _results = new TResult[items];
    private readonly TaskCompletionSource<TResult[]> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _missing = (items + chunkSize - 1) / chunkSize;
    private int _firstError = int.MaxValue;
    private Exception? _error;

    public Task<TResult[]> Task => _completion.Task;

    public void Collect(int chunk, MapChunk<TResult> results)
    {
        var start = chunk * chunkSize;
        if (results.FirstError is { } first)
            Keep(start + first.Index, first.Error);
        else
            results.CopyTo(_results, start);
        if (Interlocked.Decrement(ref _missing) > 0)
            return;
        if (_error is null)
            _completion.SetResult(_results);
        else
            _completion.SetException(_error);
    }

    private void Keep(int index, Exception error)
    {
        lock (_lock)
        {
            if (index >= _firstError)
                return;
            (_firstError, _error) = (index, error);
        }
    }
}
