using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Takes the place of a state that has failed: whoever still asks is told that the object is gone, and nobody waits.</summary>
internal sealed class RemovedState : ImmediateState
{
    /// <inheritdoc/>
    protected override ObjectReply AnswerCall(ObjectCall call) => CreateReply(call, ObjectStatus.NoSuchObject);
}
