using Akka.Actor;

namespace Actors.Testing;

/// <summary>An actor reference that looks like that of an actor on another machine.</summary>
/// <param name="name">The actor's name.</param>
/// <param name="port">The port of the process that it seems to be in.</param>
/// <param name="receiver">Gets what is sent to it; null where nobody does.</param>
internal sealed class FarRef(string name, int port = 1, IActorRef? receiver = null) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka.tcp", "actors", "far", port)) / "user" / name;

    public override IActorRefProvider Provider => throw new NotSupportedException();

    protected override void TellInternal(object message, IActorRef sender) => receiver?.Tell(message, sender);
}
