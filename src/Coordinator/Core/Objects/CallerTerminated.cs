using Actors.Messages;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>From an object to itself, by the way that calls take: this caller is gone, and everything it said has come.</summary>
internal sealed record CallerTerminated(ObjectId Object, IActorRef Caller) : INoSerializationVerificationNeeded;
