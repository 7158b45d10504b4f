using System.Text;
using Actors.Coordinator.Clients;
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

    private readonly Dictionary<CallerId, Client> _clients = [];
    private readonly RecentUses<ObjectId> _uses = DurableObjectActor.CountUses();
    private readonly IActorRef _objects;

    /// <param name="objects">The actor that routes messages to durable objects. Nobody if there is no store.</param>
    public DurableRelayActor(IActorRef objects)
    {
        _objects = objects;
        Receive<DurableObjectProtocol.ICallerMessage>(ForwardToObject);
        Receive<DurableObjectProtocol.IObjectMessage>(message => _clients.GetValueOrDefault(message.Caller)?.Actor.Tell(message));
        Receive<Terminated>(terminated => RemoveClient(terminated.ActorRef));
    }

    private void ForwardToObject(DurableObjectProtocol.ICallerMessage message)
    {
        var usage = ClientUsages.FindUsage(Context.System, Sender);
        if (_objects.IsNobody())
            RefuseCall(message, ObjectStatus.Refused, NoStore);
        else if ((TryAddClient(message.Caller, usage) ?? _uses.TryAdd(usage, message.Object)) is { } refusal)
            RefuseCall(message, ObjectStatus.OverLimit, refusal);
        else
            _objects.Tell(message);
    }

    /// <returns>The reason of the refusal. Null when the program may have the caller.</returns>
    private string? TryAddClient(CallerId caller, ClientUsage? usage)
    {
        if (_clients.TryGetValue(caller, out var known) && known.Actor.Equals(Sender))
            return null;
        var charge = new ClientCharge(usage, ClientResource.WaitingCalls);
        if (!charge.TryGrow(1))
            return charge.FormatRefusal();
        known?.Charge.Dispose();
        _clients[caller] = new Client(Context.Watch(Sender), charge);
        return null;
    }

    private void RefuseCall(DurableObjectProtocol.ICallerMessage message, ObjectStatus status, string reason)
    {
        if (message is not DurableObjectProtocol.CallDurableObject ask)
            return;
        var reply = new ObjectReply(ask.Call.Call, status, 0, [Encoding.UTF8.GetBytes(reason)]);
        Sender.Tell(new DurableObjectProtocol.DurableObjectReply(ask.Object, ask.Caller, reply));
    }

    private void RemoveClient(IActorRef client)
    {
        foreach (var (caller, known) in _clients.Where(known => known.Value.Actor.Equals(client)).ToList())
        {
            known.Charge.Dispose();
            _clients.Remove(caller);
        }
    }

    private sealed record Client(IActorRef Actor, ClientCharge Charge);
}
