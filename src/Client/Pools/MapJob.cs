using Actors.Messages.Functions;
using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>One chunk of a map as a job: gives what became of it to whoever collects the chunks.</summary>
internal sealed class MapJob<TResult>(int chunk, int items, Action<int, MapChunk<TResult>> collect) : PendingJob
{
    public override Exception? Complete(JobOutcome outcome)
    {
        if (outcome.Status != JobStatus.Succeeded)
            return Failed(OutcomeExceptions.Of(outcome));

        MapChunk<TResult> results;
        try
        {
            results = MapChunk<TResult>.Of(ChunkResult.Read<TResult>(outcome.Payload.Span));
        }
        catch (Exception exception)
        {
            return Failed(exception);
        }

        collect(chunk, results);
        return results.Errors.FirstOrDefault().Error;
    }

    public override void Fail(Exception exception) => collect(chunk, MapChunk<TResult>.Failed(items, exception));
}
