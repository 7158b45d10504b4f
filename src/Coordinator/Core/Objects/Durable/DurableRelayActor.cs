using Actors.Coordinator.Clients;
using Actors.Messages;
using Actors.Messages.Collections;
using Actors.Messages.Objects;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>
/// Relays messages between the clients of this coordinator and durable objects, which may live at other coordinators that cannot reach the
/// client. It stores only the actor of each caller, and the size of its calls. A disconnected client is silent, which its objects notice.
/// </summary>
public sealed class DurableRelayActor : HandlerActor
{
    private const string NoStore = "This coordinator has no store for durable objects: start it with --store FILE or --postgres-file FILE.";

    private readonly Dictionary<CallerId, Client> _clients = [];
    private readonly MultiMap<IActorRef, CallerId> _callers = new();
    private readonly RecentUses<ObjectId> _uses = DurableObjectActor.CountUses();
    private readonly IActorRef _objects;

    /// <param name="objects">The actor that routes messages to durable objects. Nobody if there is no store.</param>
    public DurableRelayActor(IActorRef objects)
    {
        _objects = objects;
        Receive<DurableObjectProtocol.ICallerMessage>(ForwardToObject);
        Receive<DurableObjectProtocol.IObjectMessage>(ForwardToClient);
        Receive<Terminated>(terminated => RemoveClient(terminated.ActorRef));
    }

    private void ForwardToObject(DurableObjectProtocol.ICallerMessage message)
    {
        var usage = ClientUsages.FindUsage(Context.System, Sender);
        if (_objects.IsNobody())
            RefuseCall(message, ObjectStatus.Refused, NoStore);
        else if ((TryAddClient(message.Caller, usage) ?? _uses.TryAdd(usage, message.Object)) is { } refusal)
            RefuseCall(message, ObjectStatus.OverLimit, refusal);
        else if (UpdateCalls(_clients[message.Caller].Calls, message))
            _objects.Tell(message);
    }

    /// <returns>False for a call above the limit. It is dropped, and the caller repeats it after its next comparison.</returns>
    private static bool UpdateCalls(RelayedCalls calls, DurableObjectProtocol.ICallerMessage message)
    {
        switch (message)
        {
            case DurableObjectProtocol.CallDurableObject ask: return calls.TryAdd(ask.Call);
            case DurableObjectProtocol.DurableCallAbandoned abandoned: calls.Remove(abandoned.Object, abandoned.Call); break;
            case DurableObjectProtocol.CallerHeartbeat { IsLeaving: true }: calls.RemoveObject(message.Object); break;
        }

        return true;
    }

    private void ForwardToClient(DurableObjectProtocol.IObjectMessage message)
    {
        if (!_clients.TryGetValue(message.Caller, out var client))
            return;
        if (message is DurableObjectProtocol.DurableObjectReply answered)
            client.Calls.Remove(answered.Object, answered.Reply.Call);
        client.Actor.Tell(message);
    }

    /// <returns>The reason of the refusal. Null when the program may have the caller.</returns>
    private string? TryAddClient(CallerId caller, ClientUsage? usage)
    {
        if (_clients.TryGetValue(caller, out var known) && known.Actor.Equals(Sender))
            return null;
        var charge = new ClientCharge(usage, ClientResource.WaitingCalls);
        if (!charge.TryGrow(1))
            return charge.FormatRefusal();
        if (known is not null)
            RemoveCaller(caller, known);
        _clients[caller] = new Client(Context.Watch(Sender), charge, new RelayedCalls(usage));
        _callers.Add(Sender, caller);
        return null;
    }

    private void RefuseCall(DurableObjectProtocol.ICallerMessage message, ObjectStatus status, string reason)
    {
        if (message is not DurableObjectProtocol.CallDurableObject ask)
            return;
        var reply = ObjectReply.WithReason(ask.Call.Call, status, reason);
        Sender.Tell(new DurableObjectProtocol.DurableObjectReply(ask.Object, ask.Caller, reply));
    }

    private void RemoveClient(IActorRef client)
    {
        foreach (var caller in _callers[client].ToList())
            RemoveCaller(caller, _clients[caller]);
    }

    private void RemoveCaller(CallerId caller, Client client)
    {
        client.Dispose();
        _clients.Remove(caller);
        _callers.Remove(client.Actor, caller);
    }

    private sealed record Client(IActorRef Actor, ClientCharge Count, RelayedCalls Calls) : IDisposable
    {
        public void Dispose()
        {
            Count.Dispose();
            Calls.Dispose();
        }
    }
}
