using Actors.Messages.Functions;
using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>A chunk of a map as a job: passes its results to the collector.</summary>
/// <param name="start">The index of the first item in the map.</param>
/// <param name="items">The number of items.</param>
/// <param name="collect">Receives the results.</param>
/// <param name="progressed">Receives the start and the number of ended items; null for none.</param>
internal sealed class MapJob<TResult>(long start, int items, Action<MapChunk<TResult>> collect, Action<long, int>? progressed = null)
    : CollectedChunkJob<MapChunk<TResult>>(start, items, collect, progressed)
{
    private int _failedItems;

    /// <inheritdoc/>
    public override int FailedItems => _failedItems;

    /// <inheritdoc/>
    public override Exception? Complete(JobOutcome outcome)
    {
        if (outcome.Status != JobStatus.Succeeded)
            return FailWith(OutcomeExceptions.ToException(outcome, Call));

        MapChunk<TResult> results;
        try
        {
            results = MapChunk<TResult>.FromResult(ChunkResult.ReadResults<TResult>(outcome.Payload.Span), Call);
            if (results.Count != Items)
                throw new InvalidDataException($"{Call} returned {results.Count} results for {Items} items.");
        }
        catch (Exception exception)
        {
            IsUnreadable = true;
            return FailWith(FailedCall.AttachCall(DescribeUnreadable<TResult>(exception), Call));
        }

        _failedItems = results.FailedItems;
        var error = results.MayHaveErrors ? results.Errors.FirstOrDefault().Error : null;
        PublishResults(results);
        return error;
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception) => PublishResults(MapChunk<TResult>.CreateFailed(FirstItem, Items, exception));

    /// <summary>Splits the chunk, for items that cannot be sent.</summary>
    public SplitChunk<TResult> SplitChunk() => new(FirstItem, Items, Collect);
}
