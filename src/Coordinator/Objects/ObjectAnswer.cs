using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>The one effect that a managed object has: this reply goes to this caller.</summary>
/// <param name="Caller">The number that the object's actor gave to the caller's process.</param>
/// <param name="Reply">What it is told.</param>
internal readonly record struct ObjectAnswer(long Caller, ObjectReply Reply);
