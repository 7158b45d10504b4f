using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Pools;

/// <summary>A submitted call: its session completes it, and its <see cref="JobHandle{T}"/> awaits it.</summary>
/// <typeparam name="T">The result type; <see cref="Nothing"/> for a function without a result.</typeparam>
internal sealed class PendingCall<T> : PendingJob
{
    private Promise<T> _end;
    private JobState _state;
    private bool _isDecoded;

    /// <param name="ended">Called at the end; null for none.</param>
    public PendingCall(Action<Task<T>>? ended = null) => EndAction = ended;

    /// <summary>Completes when the job ends. Reading it marks the outcome as observed, and as received when the job has ended.</summary>
    public Task<T> Task
    {
        get
        {
            MarkRequested();
            return SeenTask;
        }
    }

    /// <summary>Completes when the job ends. Reading it marks the outcome as observed, but not as received.</summary>
    public Task<T> SeenTask
    {
        get
        {
            MarkSeen();
            return _end.Task;
        }
    }

    /// <summary>Completes when the job ends, without marking the outcome as observed.</summary>
    public Task Ending => _end.Task;

    /// <summary>Whether the job has ended. Creates no task.</summary>
    public bool HasEnded => _end.HasEnded;

    /// <summary>The outcome; <see cref="JobState.Waiting"/> before the end.</summary>
    public JobState EndState => _end.HasEnded ? _state : JobState.Waiting;

    /// <inheritdoc/>
    public override bool CanBeFound => true;

    /// <inheritdoc/>
    public override void NoteFailure(UnseenFailures failures, Exception error) => MarkFailed(failures, error);

    /// <inheritdoc/>
    public override void DecodeEarly(ReadOnlyMemory<byte> result) => TryPrepare(result);

    /// <inheritdoc/>
    public override ValueReceiver? CreateReceiver(int length) =>
        typeof(T) == typeof(Nothing) ? null : ValueSerializer.CreateReceiver<T>(length);

    /// <inheritdoc/>
    public override void DecodeEarly(ValueReceiver receiver)
    {
        Receiver = receiver;
        TryPrepare(default);
    }

    /// <inheritdoc/>
    public override Exception? Complete(JobOutcome outcome)
    {
        Attempts = outcome.Attempts;
        if (outcome.Status != JobStatus.Succeeded)
            return FailWith(OutcomeExceptions.ToException(outcome, Call), JobStates.ToState(outcome.Status));
        try
        {
            if (!_isDecoded)
                Prepare(outcome.Payload);
        }
        catch (Exception exception)
        {
            // A result that cannot be deserialized fails this job only.
            return FailWith(FailedCall.AttachCall(DescribeUnreadable<T>(exception), Call), JobState.Failed);
        }

        if (Reports is { } reports)
            reports.EndAfterValues(Succeed);
        else
            Succeed();
        return null;
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception) => FailWith(exception, JobStates.ToState(exception));

    /// <inheritdoc/>
    protected override int GetResultLength(JobOutcome outcome) => Receiver?.Length ?? base.GetResultLength(outcome);

    private void TryPrepare(ReadOnlyMemory<byte> result)
    {
        try
        {
            Prepare(result);
            _isDecoded = true;
        }
        catch (Exception)
        {
            // Complete decodes again, and fails the job with the exception.
        }
    }

    private void Prepare(ReadOnlyMemory<byte> result) => _end.Prepare(
        typeof(T) == typeof(Nothing) ? default!
        : Receiver is { } receiver ? ((ValueReceiver<T>)receiver).GetValue()
        : ValueSerializer.ReadValue<T>(result.Span));

    private void Succeed()
    {
        _state = JobState.Succeeded;
        _end.Succeed();
        RunEndAction();
    }

    private Exception FailWith(Exception exception, JobState state)
    {
        if (Reports is { } reports)
            reports.EndAfterValues(() => EndWithFailure(exception, state));
        else
            EndWithFailure(exception, state);
        return exception;
    }

    private void EndWithFailure(Exception exception, JobState state)
    {
        _state = state;
        _end.Fail(exception);
        RunEndAction();
    }

    private void RunEndAction() => ((Action<Task<T>>?)EndAction)?.Invoke(_end.Task);
}
