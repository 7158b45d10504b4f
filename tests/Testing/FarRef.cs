using Akka.Actor;

namespace Actors.Testing;

/// <summary>An actor reference with the address of another machine.</summary>
/// <param name="name">The name of the actor.</param>
/// <param name="port">The port in the address.</param>
/// <param name="receiver">Receives the messages; null to drop them.</param>
internal sealed class FarRef(string name, int port = 1, IActorRef? receiver = null) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka.tcp", "actors", "far", port)) / "user" / name;

    public override IActorRefProvider Provider => throw new NotSupportedException();

    protected override void TellInternal(object message, IActorRef sender) => receiver?.Tell(message, sender);
}
