using System.Buffers;
using Actors.Messages.Functions;
using Actors.Messages.Values;

namespace Actors.Executor.Functions;

/// <summary>
/// Calls a function with each item of a chunk, in order, and combines the results from left to right. The first exception ends the chunk.
/// </summary>
/// <param name="map">The function that is called with each item.</param>
/// <param name="reduce">The function that combines two results.</param>
internal sealed class MapReduceInvoker<T, TReturned, TResult, TReturn>(
    BoundFunction<Func<T, TReturned>> map, BoundFunction<Func<TResult, TResult, TResult>> reduce) : FunctionInvoker
    where TReturn : IReturn<TReturned, TResult>
{
    /// <inheritdoc/>
    internal override int RunningItem => _runningItem;

    private int _runningItem;

    private protected override void CallFunction(ReadOnlySpan<byte> arguments, IBufferWriter<byte> result, CancellationToken jobToken)
    {
        _runningItem = 0;
        var reader = new ValueReader(arguments, jobToken);
        var (mapItem, combine) = (map.ReadFunction(ref reader), reduce.ReadFunction(ref reader));
        var start = ChunkItems.ReadStart(ref reader);
        var items = Items.ReadItems<T>(ref reader);
        if (items is null or [])
            throw new InvalidDataException("The items are missing.");
        reader.RequireEnd();
        OnArgumentsRead();
        var value = RunChunk(mapItem, combine, items, MarkItems(start), jobToken);
        Stage = CallStage.Writing;
        ValueSerializer.WriteValue(result, value);
    }

    private TResult RunChunk(
        Func<T, TReturned> mapItem, Func<TResult, TResult, TResult> combine, T[] items, ItemMarker marker,
        CancellationToken jobToken)
    {
        TResult value = default!;
        for (var i = 0; i < items.Length; i++)
        {
            jobToken.ThrowIfCancellationRequested();
            _runningItem = i + 1;
            marker.BeginItem(i);
            var mapped = TReturn.ResultOf(mapItem(items[i]));
            value = i == 0 ? mapped : combine(value, mapped);
        }

        _runningItem = 0;
        marker.EndItems();
        return value;
    }
}

/// <summary>A function. Its target, if it has one, is read from the arguments of each call.</summary>
/// <param name="bind">Creates the delegate from the target, which is null if the function has none.</param>
/// <param name="target">Reads the target; null for none.</param>
internal sealed class BoundFunction<TDelegate>(Func<object?, TDelegate> bind, TargetReader? target)
    where TDelegate : Delegate
{
    private readonly TDelegate? _bound = target is null ? bind(null) : null;

    /// <summary>Gets the delegate for a call.</summary>
    /// <exception cref="InvalidDataException">The target is missing.</exception>
    public TDelegate ReadFunction(ref ValueReader reader) =>
        _bound ?? bind(target!.ReadTarget(ref reader) ?? throw new InvalidDataException("The target is missing."));
}
