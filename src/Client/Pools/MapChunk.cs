using Actors.Messages.Functions;
using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>What became of one chunk of a map: all values, or for each item a value or an error.</summary>
internal sealed class MapChunk<TResult>
{
    private readonly TResult[]? _values;
    private readonly (TResult Value, Exception? Error)[]? _items;

    private MapChunk(TResult[] values) => _values = values;

    private MapChunk((TResult, Exception?)[] items) => _items = items;

    public int Count => _values?.Length ?? _items!.Length;

    /// <summary>The errors and their places in the chunk; one that all items share stands once.</summary>
    public IEnumerable<(int Index, Exception Error)> Errors => (_items ?? [])
        .Select((item, index) => (Index: index, Error: item.Error!))
        .Where(item => item.Error is not null)
        .DistinctBy(item => item.Error, ReferenceEqualityComparer.Instance);

    public static MapChunk<TResult> Of(ChunkResult<TResult> result) => result.Values is { } values
        ? new MapChunk<TResult>(values)
        : new MapChunk<TResult>([.. result.Outcomes.Select(item => (item.Value, ErrorOf(item.Failure)))]);

    /// <summary>The chunk as a whole has no results: each of its items fails with the same.</summary>
    public static MapChunk<TResult> Failed(int count, Exception error)
    {
        var items = new (TResult, Exception?)[count];
        Array.Fill(items, (default!, error));
        return new MapChunk<TResult>(items);
    }

    /// <summary>The value of an item, or what its function threw.</summary>
    public TResult this[int index]
    {
        get
        {
            if (_values is not null)
                return _values[index];
            var (value, error) = _items![index];
            if (error is not null)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
            return value;
        }
    }

    /// <summary>Copies the values of a chunk without errors.</summary>
    public void CopyTo(TResult[] target, int start)
    {
        if (_values is not null)
            _values.CopyTo(target, start);
        else
            Array.ConvertAll(_items!, item => item.Value).CopyTo(target, start);
    }

    private static Exception? ErrorOf(FailureInfo? failure) =>
        failure is null ? null : FailureConverter.ToException(failure, "a map");
}
