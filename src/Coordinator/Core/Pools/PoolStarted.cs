using Actors.Messages;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>Published on the event stream: a pool starts, and its workers need the code.</summary>
/// <param name="Bundle">The code.</param>
/// <param name="Pool">The pool's actor.</param>
public sealed record PoolStarted(BundleId Bundle, IActorRef Pool);
