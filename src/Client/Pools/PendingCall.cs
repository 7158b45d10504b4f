using System.Runtime.CompilerServices;
using Actors.Messages.Jobs;

namespace Actors.Pools;

/// <summary>A submitted call: its session completes it, and its <see cref="JobHandle{T}"/> awaits it.</summary>
/// <param name="decode">Reads the result.</param>
/// <param name="ended">Called at the end; null for none.</param>
/// <typeparam name="T">The result type.</typeparam>
internal sealed class PendingCall<T>(Func<ReadOnlyMemory<byte>, T> decode, Action<Task<T>>? ended) : PendingJob
{
    private Promise<T> _end;
    private FailureView _view;
    private JobState _state;
    private StrongBox<T>? _early;

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
    public override void MarkSeen() => _view.MarkSeen();

    /// <inheritdoc/>
    public override bool IsUnseen => _view.IsUnseen;

    /// <inheritdoc/>
    public override void NoteFailure(UnseenFailures failures) => _view.MarkFailed(failures);

    /// <inheritdoc/>
    public override void DecodeEarly(ReadOnlyMemory<byte> result)
    {
        try
        {
            _early = new StrongBox<T>(decode(result));
        }
        catch (Exception)
        {
            // Complete decodes again, and fails the job with the exception.
        }
    }

    /// <inheritdoc/>
    public override Exception? Complete(JobOutcome outcome)
    {
        Attempts = outcome.Attempts;
        if (outcome.Status != JobStatus.Succeeded)
            return FailWith(OutcomeExceptions.ToException(outcome, Call), JobStates.ToState(outcome.Status));
        T result;
        try
        {
            result = _early is { } early ? early.Value! : decode(outcome.Payload);
        }
        catch (Exception exception)
        {
            // A result that cannot be deserialized fails this job only.
            return FailWith(FailedCall.AttachCall(DescribeUnreadable<T>(exception), Call), JobState.Failed);
        }

        if (Reports is null)
            SucceedWith(result);
        else
            SucceedAfterReports(result);
        return null;
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception) => FailWith(exception, JobStates.ToState(exception));

    /// <summary>A method of its own: the lambda would cost every job an object.</summary>
    private void SucceedAfterReports(T result) => Reports!.EndAfterValues(() => SucceedWith(result));

    private void SucceedWith(T result)
    {
        _state = JobState.Succeeded;
        _end.Succeed(result);
        ended?.Invoke(_end.Task);
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
        ended?.Invoke(_end.Task);
    }
}
