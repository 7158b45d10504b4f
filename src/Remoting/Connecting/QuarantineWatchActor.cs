using Actors.Messages.Collections;
using Actors.Remoting.Dispatch;
using Actors.Remoting.Transport;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Remoting.Connecting;

/// <summary>
/// Tells its parent when this actor system can never again exchange messages with a running coordinator, because one of them has
/// quarantined the other. Only a new actor system can. The framework quarantines a running peer when acknowledgments of death watch
/// contradict each other, which happens after a connection was reset (https://github.com/akkadotnet/akka.net/issues/8116, fixed only in
/// part). A quarantine of a program that has ended is ignored: its successor has another number.
/// </summary>
public sealed class QuarantineWatchActor : HandlerActor
{
    private readonly HashSet<int> _quarantined = new(SeededComparer<int>.Instance);

    /// <summary>Creates the actor.</summary>
    public QuarantineWatchActor()
    {
        Receive<QuarantinedEvent>(quarantined => _quarantined.Add(quarantined.Uid));
        Receive<PeerIntroduced>(
            peer => _quarantined.Contains(peer.Uid), peer => Report(Endpoints.SystemAddress(Context.System, peer.Address)));
        Receive<ThisActorSystemQuarantinedEvent>(refused => Report(refused.RemoteAddress));
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(QuarantinedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(PeerIntroduced));
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private static void Report(Address address) => Context.Parent.Tell(new CoordinatorQuarantined(address));

    /// <summary>A running coordinator cannot be reached by this actor system any more.</summary>
    /// <param name="Address">The address of the coordinator.</param>
    public sealed record CoordinatorQuarantined(Address Address);
}
