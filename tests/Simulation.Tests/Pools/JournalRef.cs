using Akka.Actor;

namespace Actors.Simulation.Tests.Pools;

/// <summary>Stands for the journal's actor, so that the real journal class writes to the simulated store.</summary>
internal sealed class JournalRef(Action<object> onMessage) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "journal";

    public override IActorRefProvider Provider => throw new NotSupportedException("The simulation has no actor system.");

    protected override void TellInternal(object message, IActorRef sender) => onMessage(message);
}
