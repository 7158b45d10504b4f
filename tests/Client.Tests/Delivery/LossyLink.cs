using Akka.Actor;

namespace Actors.Client.Tests.Delivery;

/// <summary>
/// Stands between actors: each is known to the others by a stand-in that passes messages on, so that one of them can be lost. A stand-in
/// ends with its actor.
/// Thread-safe.
/// </summary>
/// <param name="system">Where the stand-ins live.</param>
/// <param name="lose">Whether a message is lost; asked once for each, one at a time.</param>
internal sealed class LossyLink(ActorSystem system, Func<object, bool> lose)
{
    private readonly Dictionary<IActorRef, IActorRef> _standIns = [];
    private readonly Dictionary<IActorRef, IActorRef> _actors = [];

    /// <summary>The stand-in of an actor; a stand-in stands for itself.</summary>
    public IActorRef StandInOf(IActorRef actor)
    {
        lock (_standIns)
        {
            if (actor.IsNobody() || actor.Equals(system.DeadLetters) || _actors.ContainsKey(actor))
                return actor;
            if (_standIns.TryGetValue(actor, out var known))
                return known;
            var standIn = system.ActorOf(Props.Create(() => new StandIn(this, actor)));
            _actors[standIn] = actor;
            return _standIns[actor] = standIn;
        }
    }

    private bool Loses(object message)
    {
        lock (_standIns)
            return lose(message);
    }

    private sealed class StandIn : ReceiveActor
    {
        public StandIn(LossyLink link, IActorRef actor)
        {
            Context.Watch(actor);
            Receive<Terminated>(_ => Context.Stop(Self));
            ReceiveAny(message =>
            {
                if (!link.Loses(message))
                    actor.Tell(message, link.StandInOf(Sender));
            });
        }
    }
}
