using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>A submitted call: what its session ends, and its <see cref="JobHandle{T}"/> waits for.</summary>
/// <param name="decode">Reads the result.</param>
/// <param name="ended">Told of the end; null for nobody.</param>
/// <typeparam name="T">Of the result.</typeparam>
internal sealed class PendingCall<T>(Func<ReadOnlyMemory<byte>, T> decode, Action<Task<T>>? ended) : PendingJob
{
    private Promise<T> _end;
    private FailureView _view;
    private JobState _state;

    /// <summary>Ends when the job does. Whoever asks for it sees how.</summary>
    public Task<T> Task
    {
        get
        {
            See();
            return _end.Task;
        }
    }

    /// <summary>The same for a wait that does not look at how the job ended.</summary>
    public Task Ending => _end.Task;

    /// <summary>Whether it has ended. Makes no task.</summary>
    public bool HasEnded => _end.HasEnded;

    /// <summary>How it ended; <see cref="JobState.Waiting"/> before.</summary>
    public JobState EndState => _end.HasEnded ? _state : JobState.Waiting;

    /// <inheritdoc/>
    public override void See() => _view.See();

    /// <inheritdoc/>
    public override bool IsUnseen => _view.IsUnseen;

    /// <inheritdoc/>
    public override void NoteFailure(UnseenFailures failures) => _view.Fail(failures);

    /// <inheritdoc/>
    public override Exception? Complete(JobOutcome outcome)
    {
        Attempts = outcome.Attempts;
        if (outcome.Status != JobStatus.Succeeded)
            return Failed(OutcomeExceptions.Of(outcome, Call), JobStates.Of(outcome.Status));
        try
        {
            var result = decode(outcome.Payload);
            _state = JobState.Succeeded;
            _end.Succeed(result);
        }
        catch (Exception exception)
        {
            // A result that cannot be read is this job's failure and nobody else's.
            return Failed(FailedCall.Attach(exception, Call), JobState.Failed);
        }

        ended?.Invoke(_end.Task);
        return null;
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception) => Failed(exception, JobStates.Of(exception));

    private Exception Failed(Exception exception, JobState state)
    {
        _state = state;
        _end.Fail(exception);
        ended?.Invoke(_end.Task);
        return exception;
    }
}
