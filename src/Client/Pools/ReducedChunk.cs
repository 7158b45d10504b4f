using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Pools;

/// <summary>The combined result of one chunk, or its error.</summary>
/// <param name="Start">The index of the first item in the map.</param>
/// <param name="Count">The number of items.</param>
/// <param name="Value">The combined result; the default of its type for an error.</param>
/// <param name="Error">The error; null for a result.</param>
internal sealed record ReducedChunk<TResult>(long Start, int Count, TResult Value, Exception? Error) : IMapChunk;

/// <summary>A chunk of a map as a job, whose results the worker combines.</summary>
/// <param name="start">The index of the first item in the map.</param>
/// <param name="items">The number of items.</param>
/// <param name="collect">Receives the combined result.</param>
/// <param name="progressed">Receives the start and the number of ended items; null for none.</param>
internal sealed class ReducedJob<TResult>(long start, int items, Action<ReducedChunk<TResult>> collect, Action<long, int>? progressed)
    : CollectedChunkJob<ReducedChunk<TResult>>(start, items, collect, progressed)
{
    /// <inheritdoc/>
    public override Exception? Complete(JobOutcome outcome)
    {
        if (outcome.Status != JobStatus.Succeeded)
            return FailWith(OutcomeExceptions.ToException(outcome, Call));

        TResult value;
#pragma warning disable CA1031 // Any exception while the result is read is the outcome of the job.
        try
        {
            value = ValueSerializer.ReadValue<TResult>(outcome.Payload.Span);
        }
        catch (Exception exception)
        {
            return FailWith(FailedCall.AttachCall(exception, Call));
        }
#pragma warning restore CA1031

        PublishResults(new ReducedChunk<TResult>(FirstItem, Items, value, null));
        return null;
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception) => PublishResults(new ReducedChunk<TResult>(FirstItem, Items, default!, exception));
}
