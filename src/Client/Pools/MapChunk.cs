using System.Runtime.ExceptionServices;
using Actors.Messages.Functions;

namespace Actors.Pools;

/// <summary>The outcome of one chunk of a map.</summary>
internal interface IMapChunk
{
    /// <summary>The index of the first item in the map.</summary>
    long Start { get; }

    /// <summary>The number of items.</summary>
    int Count { get; }
}

/// <summary>The results of one chunk of a map: all values, or a value or an error for each item.</summary>
internal sealed class MapChunk<TResult> : IMapChunk
{
    private readonly TResult[]? _values;
    private readonly (TResult Value, Exception? Error)[]? _items;

    private MapChunk(long start, TResult[] values) => (Start, _values) = (start, values);

    private MapChunk(long start, (TResult, Exception?)[] items) => (Start, _items) = (start, items);

    /// <inheritdoc/>
    public long Start { get; }

    /// <inheritdoc/>
    public int Count => _values?.Length ?? _items!.Length;

    /// <summary>The number of failed items.</summary>
    public int FailedItems => _items?.Count(item => item.Error is not null) ?? 0;

    /// <summary>Whether an item may have failed. Chunks without an error are not searched for one.</summary>
    public bool MayHaveErrors => _items is not null;

    /// <summary>The errors and the indices of their items in the map; an error shared by several items appears once.</summary>
    public IEnumerable<(long Index, Exception Error)> Errors => (_items ?? [])
        .Select((item, index) => (Index: Start + index, Error: item.Error!))
        .Where(item => item.Error is not null)
        .DistinctBy(item => item.Error, ReferenceEqualityComparer.Instance);

    /// <summary>Creates the chunk from the results of a worker.</summary>
    /// <param name="result">The results.</param>
    /// <param name="call">The job of the chunk.</param>
    public static MapChunk<TResult> FromResult(ChunkResult<TResult> result, CallName call) => result.Values is { } values
        ? new MapChunk<TResult>(call.First, values)
        : FromOutcomes(result, call);

    /// <summary>Creates the chunk from the value or the error of each item.</summary>
    public static MapChunk<TResult> FromItems(long start, (TResult Value, Exception? Error)[] items) => new(start, items);

    /// <summary>Creates a chunk whose items all fail with the same error.</summary>
    public static MapChunk<TResult> CreateFailed(long start, int count, Exception error)
    {
        var items = new (TResult, Exception?)[count];
        Array.Fill(items, (default!, error));
        return new MapChunk<TResult>(start, items);
    }

    /// <summary>Removes and returns the value of an item, or throws its error, so that a consumed value can be collected.</summary>
    public TResult TakeValue(int index)
    {
        var (value, error) = TakeEither(index);
        if (error is not null)
            ExceptionDispatchInfo.Throw(error);
        return value;
    }

    /// <summary>Removes and returns the value or the error of an item.</summary>
    public ItemResult<TResult> TakeResult(int index)
    {
        var (value, error) = TakeEither(index);
        return new ItemResult<TResult>(Start + index, value, error);
    }

    /// <summary>Removes and returns the value and the error of an item; the error is null for a value.</summary>
    public (TResult Value, Exception? Error) TakeEither(int index)
    {
        if (_values is null)
        {
            var item = _items![index];
            _items[index] = default;
            return item;
        }

        var value = _values[index];
        _values[index] = default!;
        return (value, null);
    }

    /// <summary>Copies the values of a chunk without errors to their indices in the map.</summary>
    public void CopyTo(TResult[] target)
    {
        if (_values is not null)
            _values.CopyTo(target, Start);
        else
            Array.ConvertAll(_items!, item => item.Value).CopyTo(target, Start);
    }

    /// <summary>A method of its own: the lambda would cost every chunk an object.</summary>
    private static MapChunk<TResult> FromOutcomes(ChunkResult<TResult> result, CallName call) =>
        new(call.First, [.. result.Outcomes.Select(item => (item.Value, ErrorOf(item, call)))]);

    private static Exception? ErrorOf(ItemOutcome<TResult> item, CallName call) =>
        item.Failure is null ? null : OutcomeExceptions.ToThrownException(item.Failure, call.ForItem(item.Index));
}
