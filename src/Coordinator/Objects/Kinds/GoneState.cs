using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Stands in for an object that has ended: whoever still asks is told so, and nobody waits.</summary>
internal sealed class GoneState : IManagedObjectState
{
    /// <inheritdoc/>
    public TimeSpan? NextDeadline => null;

    /// <inheritdoc/>
    public void Call(long caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers) =>
        answers.Answer(new CallKey(caller, call.Call), ObjectStatus.NoSuchObject);

    /// <inheritdoc/>
    public void Received(long caller, long call)
    {
    }

    /// <inheritdoc/>
    public void Abandoned(long caller, long call, List<ObjectAnswer> answers)
    {
    }

    /// <inheritdoc/>
    public void CallerDied(long caller, List<ObjectAnswer> answers)
    {
    }

    /// <inheritdoc/>
    public void TimePassed(TimeSpan now, List<ObjectAnswer> answers)
    {
    }

    /// <inheritdoc/>
    public void End(List<ObjectAnswer> answers)
    {
    }
}
