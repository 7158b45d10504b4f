using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Pools;

/// <summary>The combined result of one chunk, or its error.</summary>
/// <param name="Start">The index of the first item in the map.</param>
/// <param name="Count">How many items the chunk has.</param>
/// <param name="Value">The combined result; the default of its type where there is an error.</param>
/// <param name="Error">The error; null where there is a result.</param>
internal sealed record ReducedChunk<TResult>(long Start, int Count, TResult Value, Exception? Error) : IMapChunk;

/// <summary>A chunk whose results the worker combines to one.</summary>
/// <param name="start">The index of its first item in the map.</param>
/// <param name="items">How many items it has.</param>
/// <param name="collect">Receives the combined result.</param>
/// <param name="progressed">Receives the start, and how many of its items have ended; null for no receiver.</param>
internal sealed class ReducedJob<TResult>(long start, int items, Action<ReducedChunk<TResult>> collect, Action<long, int>? progressed)
    : ChunkJob(start, items, progressed)
{
    /// <inheritdoc/>
    public override Exception? Complete(JobOutcome outcome)
    {
        if (outcome.Status != JobStatus.Succeeded)
            return Failed(OutcomeExceptions.Of(outcome, Call));

        TResult value;
#pragma warning disable CA1031 // Any exception while the result is read is the outcome of the job.
        try
        {
            value = ValueSerializer.Read<TResult>(outcome.Payload.Span);
        }
        catch (Exception exception)
        {
            return Failed(FailedCall.Attach(exception, Call));
        }
#pragma warning restore CA1031

        collect(new ReducedChunk<TResult>(Start, Items, value, null));
        return null;
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception) => collect(new ReducedChunk<TResult>(Start, Items, default!, exception));
}
