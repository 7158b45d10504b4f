using System.Buffers;
using System.Runtime.CompilerServices;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Executor.Functions;

/// <summary>Calls a function with each item of a chunk. A call that throws does not stop the others.</summary>
/// <param name="bind">Creates the function from the target of the chunk; the target is null if the function has none.</param>
/// <param name="target">Reads the target; null for none.</param>
internal sealed class MapInvoker<T, TReturned, TResult, TReturn>(
    Func<object?, Func<T, TReturned>> bind, TargetReader? target) : FunctionInvoker
    where TReturn : IReturn<TReturned, TResult>
{
    private (TResult[] Values, FailureInfo?[]? Failures)? _unwritten;
    private int _canceledItem;
    private readonly Func<T, TReturned>? _bound = target is null ? bind(null) : null;

    private protected override void CallFunction(ReadOnlySpan<byte> arguments, IBufferWriter<byte> result, CancellationToken jobToken)
    {
        _canceledItem = 0;
        var reader = new ValueReader(arguments, jobToken);
        var function = _bound ?? bind(target!.ReadTarget(ref reader) ?? throw new InvalidDataException("The target is missing."));
        var start = ChunkItems.ReadStart(ref reader);
        var items = Items.ReadItems<T>(ref reader) ?? throw new InvalidDataException("The items are missing.");
        reader.RequireEnd();
        OnArgumentsRead();
        var (values, failures) = RunEach(function, items, MarkItems(start), jobToken);
        Stage = CallStage.Writing;
        try
        {
            ChunkResult.WriteResults(result, values, failures);
        }
        catch (NotCarriedException)
        {
            _unwritten = (values, failures);
            throw;
        }
    }

    /// <inheritdoc/>
    internal override int RunningItem => _canceledItem;

    /// <inheritdoc/>
    internal override bool HasUnwrittenResults => _unwritten is not null;

    /// <inheritdoc/>
    internal override void WriteRemainingResults(IBufferWriter<byte> result)
    {
        var (values, failures) = _unwritten!.Value;
        _unwritten = null;
        failures ??= new FailureInfo?[values.Length];
        var scratch = new ArrayBufferWriter<byte>();
        for (var i = 0; i < values.Length; i++)
        {
            scratch.ResetWrittenCount();
            failures[i] ??= RefusalOf(values[i], scratch);
        }

        ChunkResult.WriteResults(result, values, failures);
    }

    private static FailureInfo? RefusalOf(TResult value, ArrayBufferWriter<byte> scratch)
    {
        try
        {
            ValueSerializer.WriteValue(scratch, value);
            return null;
        }
        catch (NotCarriedException exception)
        {
            return FailureConverter.ToFailure(exception);
        }
    }

    /// <summary>Compiled optimized at once: a program may map few chunks of a million short items each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (TResult[] Values, FailureInfo?[]? Failures) RunEach(
        Func<T, TReturned> function, T[] items, ItemMarker marker, CancellationToken jobToken)
    {
        var values = new TResult[items.Length];
        FailureInfo?[]? failures = null;
        for (var i = 0; i < items.Length; i++)
        {
            // A canceled chunk ends as a whole: its results are not needed, or the item before has exceeded its timeout.
            if (jobToken.IsCancellationRequested)
                EndCanceled(i, jobToken);
            marker.BeginItem(i);
#pragma warning disable CA1031 // Any exception of the function of the user is the outcome of its item.
            try
            {
                values[i] = TReturn.ResultOf(function(items[i]));
            }
            catch (Exception e) when (!MemoryLimit.IsExceededBy(e))
            {
                if (jobToken.IsCancellationRequested)
                {
                    _canceledItem = i + 1;
                    throw;
                }


                (failures ??= new FailureInfo?[items.Length])[i] = FailureConverter.ToFailure(e);
            }
#pragma warning restore CA1031
        }

        marker.EndItems();
        return (values, failures);
    }

    private void EndCanceled(int item, CancellationToken jobToken)
    {
        _canceledItem = item;
        throw new OperationCanceledException(jobToken);
    }
}

/// <summary>Reads the target of a delegate as its own type.</summary>
internal abstract class TargetReader
{
    internal static TargetReader ForType(Type type) =>
        (TargetReader)Activator.CreateInstance(typeof(TargetReader<>).MakeGenericType(type))!;

    internal abstract object? ReadTarget(ref ValueReader reader);
}

/// <inheritdoc/>
internal sealed class TargetReader<T> : TargetReader
{
    internal override object? ReadTarget(ref ValueReader reader) => reader.ReadValue<T>();
}
