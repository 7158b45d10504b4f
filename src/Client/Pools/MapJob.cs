using Actors.Messages.Functions;
using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>One chunk of a map as a job: hands its results to the collector of the chunks.</summary>
/// <param name="start">The index of its first item in the map.</param>
/// <param name="items">How many items it has.</param>
/// <param name="collect">Given the results.</param>
/// <param name="progressed">Given the start, and how many of its items have ended; null for nobody.</param>
internal sealed class MapJob<TResult>(long start, int items, Action<MapChunk<TResult>> collect, Action<long, int>? progressed = null)
    : PendingJob
{
    private int _failedItems;

    /// <inheritdoc/>
    public override CallName Call => new(Id, Function, start, items);

    /// <inheritdoc/>
    public override int Items => items;

    /// <inheritdoc/>
    public override int FailedItems => _failedItems;

    public override Exception? Complete(JobOutcome outcome)
    {
        if (outcome.Status != JobStatus.Succeeded)
            return Failed(OutcomeExceptions.Of(outcome, Call));

        MapChunk<TResult> results;
        try
        {
            results = MapChunk<TResult>.Of(ChunkResult.Read<TResult>(outcome.Payload.Span), Call);
            if (results.Count != items)
                throw new InvalidDataException($"{Call} returned {results.Count} results for {items} items.");
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
    public override void Progressed(int items) => progressed?.Invoke(start, Math.Clamp(items, 0, Items));

    public override void Fail(Exception exception) => collect(MapChunk<TResult>.Failed(start, items, exception));
}
