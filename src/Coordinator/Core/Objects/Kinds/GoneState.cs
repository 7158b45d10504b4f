using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Takes the place of a state that has failed: whoever still asks is told that the object is gone, and nobody waits.</summary>
internal sealed class GoneState : ImmediateState
{
    /// <inheritdoc/>
    protected override ObjectReply Answer(ObjectCall call) => Reply(call, ObjectStatus.NoSuchObject);
}
