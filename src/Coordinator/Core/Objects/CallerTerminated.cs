using Actors.Messages;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>From an object to itself, on the path that calls take: the caller has terminated, and all its messages have arrived.</summary>
public sealed record CallerTerminated(ObjectId Object, IActorRef Caller) : INoSerializationVerificationNeeded;
