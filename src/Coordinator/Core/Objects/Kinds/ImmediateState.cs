using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>A kind of object that answers every call at once: no call waits, and the death of a process changes nothing.</summary>
public abstract class ImmediateState : IManagedObjectState
{
    /// <inheritdoc/>
    public TimeSpan? NextDeadline => null;

    /// <inheritdoc/>
    public virtual long Size => 0;

    /// <summary>Answers the call.</summary>
    protected abstract ObjectReply AnswerCall(ObjectCall call);

    /// <inheritdoc/>
    public void HandleCall(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers) =>
        answers.Add(new ObjectAnswer(caller, AnswerCall(call)));

    /// <inheritdoc/>
    public void ConfirmReceipt(Caller caller, long call)
    {
    }

    /// <inheritdoc/>
    public void AbandonCall(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
    }

    /// <inheritdoc/>
    public void RemoveCaller(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
    }

    /// <inheritdoc/>
    public void ExpireCalls(TimeSpan now, List<ObjectAnswer> answers)
    {
    }

    /// <inheritdoc/>
    public void EndAllCalls(List<ObjectAnswer> answers)
    {
    }
}
