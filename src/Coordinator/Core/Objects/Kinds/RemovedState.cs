using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// Replaces the state of a failed or removed object: every call is answered with <see cref="ObjectStatus.NoSuchObject"/>.
/// </summary>
public sealed class RemovedState : ImmediateState
{
    /// <inheritdoc/>
    protected override ObjectReply AnswerCall(ObjectCall call) => ObjectReply.WithStatus(call.Call, ObjectStatus.NoSuchObject);
}
