using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Takes the place of a state that has failed: whoever still asks is told that the object is gone, and nobody waits.</summary>
internal sealed class GoneState : IManagedObjectState
{
    /// <inheritdoc/>
    public TimeSpan? NextDeadline => null;

    /// <inheritdoc/>
    public void Call(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers) =>
        answers.Add(new ObjectAnswer(caller, new ObjectReply(call.Call, ObjectStatus.NoSuchObject, 0, [])));

    /// <inheritdoc/>
    public void Received(Caller caller, long call)
    {
    }

    /// <inheritdoc/>
    public void Abandoned(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
    }

    /// <inheritdoc/>
    public void Died(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
    }

    /// <inheritdoc/>
    public void Tick(TimeSpan now, List<ObjectAnswer> answers)
    {
    }

    /// <inheritdoc/>
    public void End(List<ObjectAnswer> answers)
    {
    }
}
