using System.Collections.Concurrent;
using Akka.Actor;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>The durable queues that are loaded in an actor system, for lists of operators. Thread-safe.</summary>
public sealed class LoadedQueues : IExtension
{
    private readonly ConcurrentDictionary<IActorRef, bool> _actors = [];

    /// <summary>The actors of the queues.</summary>
    public IReadOnlyList<IActorRef> Actors => [.. _actors.Keys];

    /// <summary>Gets the queues of an actor system.</summary>
    public static LoadedQueues Of(ActorSystem system) => system.WithExtension<LoadedQueues, LoadedQueuesProvider>();

    /// <summary>Adds a queue that is loaded.</summary>
    public void AddQueue(IActorRef actor) => _actors[actor] = true;

    /// <summary>Removes a queue that has ended.</summary>
    public void RemoveQueue(IActorRef actor) => _actors.TryRemove(actor, out _);

    private sealed class LoadedQueuesProvider : ExtensionIdProvider<LoadedQueues>
    {
        public override LoadedQueues CreateExtension(ExtendedActorSystem system) => new();
    }
}
