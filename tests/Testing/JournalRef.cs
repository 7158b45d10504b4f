using Akka.Actor;

namespace Actors.Testing;

/// <summary>Stands for the journal's actor, so that a test decides about the writes of the real journal class.</summary>
internal sealed class JournalRef(Action<object> onMessage) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "journal";

    public override IActorRefProvider Provider => throw new NotSupportedException("The test has no actor system.");

    protected override void TellInternal(object message, IActorRef sender) => onMessage(message);
}
