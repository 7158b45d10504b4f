using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>A submitted call: what its session ends, and its <see cref="JobHandle{T}"/> waits for.</summary>
/// <param name="decode">Reads the result.</param>
/// <param name="ended">Told of the end; null for nobody.</param>
/// <typeparam name="T">Of the result.</typeparam>
internal sealed class PendingCall<T>(Func<ReadOnlyMemory<byte>, T> decode, Action<Task<T>>? ended) : PendingJob
{
    private Promise<T> _end;

    /// <summary>Ends when the job does.</summary>
    public Task<T> Task => _end.Task;

    /// <inheritdoc/>
    public override Exception? Complete(JobOutcome outcome)
    {
        Attempts = outcome.Attempts;
        if (outcome.Status != JobStatus.Succeeded)
            return Failed(OutcomeExceptions.Of(outcome, Call));
        try
        {
            _end.Succeed(decode(outcome.Payload));
        }
        catch (Exception exception)
        {
            // A result that cannot be read is this job's failure and nobody else's.
            return Failed(FailedCall.Attach(exception, Call));
        }

        ended?.Invoke(_end.Task);
        return null;
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception)
    {
        _end.Fail(exception);
        ended?.Invoke(_end.Task);
    }
}
