using Actors.Messages.Functions;
using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>A chunk whose results are handed to the collector of its map one by one.</summary>
/// <param name="start">The index of its first item in the map.</param>
/// <param name="items">How many items it has.</param>
/// <param name="collect">Receives the results.</param>
/// <param name="progressed">Receives the start, and how many of its items have ended; null for no receiver.</param>
internal sealed class MapJob<TResult>(long start, int items, Action<MapChunk<TResult>> collect, Action<long, int>? progressed = null)
    : ChunkJob(start, items, progressed)
{
    private int _failedItems;

    /// <inheritdoc/>
    public override int FailedItems => _failedItems;

    /// <inheritdoc/>
    public override Exception? Complete(JobOutcome outcome)
    {
        if (outcome.Status != JobStatus.Succeeded)
            return Failed(OutcomeExceptions.Of(outcome, Call));

        MapChunk<TResult> results;
        try
        {
            results = MapChunk<TResult>.Of(ChunkResult.Read<TResult>(outcome.Payload.Span), Call);
            if (results.Count != Items)
                throw new InvalidDataException($"{Call} returned {results.Count} results for {Items} items.");
        }
        catch (Exception exception)
        {
            return Failed(FailedCall.Attach(exception, Call));
        }

        _failedItems = results.FailedItems;
        var error = results.Errors.FirstOrDefault().Error;
        collect(results);
        return error;
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception) => collect(MapChunk<TResult>.Failed(Start, Items, exception));
}
