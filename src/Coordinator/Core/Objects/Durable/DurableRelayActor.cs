using System.Text;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>
/// Relays messages between the clients of this coordinator and durable objects, which may live at other coordinators that cannot reach the
/// client. It stores only the actor of each caller. A disconnected client is silent, which its objects notice.
/// </summary>
internal sealed class DurableRelayActor : HandlerActor
{
    private const string NoStore = "This coordinator has no store for durable objects: start it with --store FILE or --postgres-file FILE.";

    private readonly Dictionary<CallerId, IActorRef> _clients = [];

    /// <param name="objects">The actor that routes messages to durable objects. Nobody if there is no store.</param>
    public DurableRelayActor(IActorRef objects)
    {
        Receive<DurableObjectProtocol.ICallerMessage>(message =>
        {
            if (objects.IsNobody())
                RefuseWithoutStore(message);
            else
                ForwardToObject(message, objects);
        });
        Receive<DurableObjectProtocol.IObjectMessage>(message => _clients.GetValueOrDefault(message.Caller)?.Tell(message));
        Receive<Terminated>(terminated => RemoveClient(terminated.ActorRef));
    }

    private void ForwardToObject(DurableObjectProtocol.ICallerMessage message, IActorRef objects)
    {
        if (!_clients.TryGetValue(message.Caller, out var known) || !known.Equals(Sender))
            _clients[message.Caller] = Context.Watch(Sender);
        objects.Tell(message);
    }

    private void RefuseWithoutStore(DurableObjectProtocol.ICallerMessage message)
    {
        if (message is DurableObjectProtocol.CallDurableObject ask)
        {
            var reply = new ObjectReply(ask.Call.Call, ObjectStatus.Refused, 0, [Encoding.UTF8.GetBytes(NoStore)]);
            Sender.Tell(new DurableObjectProtocol.DurableObjectReply(ask.Object, ask.Caller, reply));
        }
    }

    private void RemoveClient(IActorRef client)
    {
        foreach (var (caller, _) in _clients.Where(known => known.Value.Equals(client)).ToList())
            _clients.Remove(caller);
    }
}
