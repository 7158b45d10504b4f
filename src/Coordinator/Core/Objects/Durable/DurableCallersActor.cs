using Actors.Coordinator.Clients;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>
/// Calls durable objects for the processes that are connected to this coordinator. Each process is a caller with its open calls. The object
/// answers it from its current owner.
/// </summary>
public sealed class DurableCallersActor : HandlerActor, IWithTimers
{
    /// <summary>How long an object may be unreachable before its calls fail.</summary>
    private static readonly TimeSpan Patience = ProtocolTimes.CallPatience;

    private readonly Dictionary<IActorRef, DurableCaller> _callers = [];
    private readonly Dictionary<CallerId, IActorRef> _processes = [];
    private readonly Dictionary<uint, IActorRef> _stores = [];
    private readonly WaitingCharges _waiting = new(Context.System, chargesMemory: true);
    private readonly RecentUses<ObjectId> _uses = DurableObjectActor.CountUses();
    private readonly IActorRef _entry;
    private readonly IActorRef _others;

    /// <param name="shared">The objects in the common store of the coordinators. Nobody if there is none.</param>
    /// <param name="entry">The actor to which callers send.</param>
    /// <param name="others">The actor for objects in no known store.</param>
    public DurableCallersActor(IActorRef shared, IActorRef entry, IActorRef others)
    {
        (_entry, _others) = (entry, others);
        if (!shared.IsNobody())
            _stores[0] = shared;
        Receive<AddStore>(store => _stores[store.Number] = store.Objects);
        Receive<DurableObjectsActor.UnloadObject>(unload => _stores[unload.Object.StoreNumber].Forward(unload));
        Receive<ObjectCall>(SendCall);
        Receive<ObjectReplyReceived>(
            received => UpdateCaller(received.Object, received, caller => caller.ConfirmReceipt(received.Object, received.Call)));
        Receive<ObjectCallAbandoned>(
            abandoned => UpdateCaller(abandoned.Object, abandoned, caller => caller.AbandonCall(abandoned.Object, abandoned.Call)));
        Receive<DurableObjectProtocol.IObjectMessage>(OnObjectMessage);
        Receive<Terminated>(terminated => ConfirmTerminated(terminated.ActorRef));
        Receive<DisassociatedEvent>(disconnected => ConfirmTerminatedAt(disconnected.RemoteAddress));
        Receive<CallerTerminated>(terminated => RemoveCaller(terminated.Caller));
        Receive<CallersTick>(_ => OnInterval());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _waiting.Dispose();
    }

    private void SendCall(ObjectCall call)
    {
        if (_stores.ContainsKey(call.Object.StoreNumber))
        {
            if (FindRefusal(call) is { } refusal)
            {
                Sender.Tell(ObjectReply.WithReason(call.Call, ObjectStatus.OverLimit, refusal));
                return;
            }

            var caller = GetOrAddCaller(Sender);
            caller.SendCall(call, Patience, Now);
            SendPending(caller);
        }
        else
        {
            _others.Forward(call);
        }
    }

    private string? FindRefusal(ObjectCall call) => _uses.TryAdd(ClientUsages.FindUsage(Context.System, Sender), call.Object)
        ?? _waiting.TryAddCall(Sender, call.Call, DurableObjectState.MeasureAdded(call));

    private void UpdateCaller(ObjectId target, object message, Action<DurableCaller> update)
    {
        if (!_stores.ContainsKey(target.StoreNumber))
        {
            _others.Forward(message);
        }
        else if (_callers.TryGetValue(Sender, out var caller))
        {
            update(caller);
            if (message is ObjectCallAbandoned abandoned)
                _waiting.RemoveCall(Sender, abandoned.Call);
            SendPending(caller);
        }
    }

    private DurableCaller GetOrAddCaller(IActorRef process)
    {
        if (!_callers.TryGetValue(process, out var caller))
        {
            caller = _callers[process] = new DurableCaller(CallerId.New());
            _processes[caller.Id] = Context.Watch(process);
            if (!Timers.IsTimerActive(nameof(CallersTick)))
                Timers.StartPeriodicTimer(nameof(CallersTick), CallersTick.Instance, DurableCalls.Interval);
        }

        return caller;
    }

    private void OnObjectMessage(DurableObjectProtocol.IObjectMessage message)
    {
        if (!_processes.TryGetValue(message.Caller, out var process) || !_callers.TryGetValue(process, out var caller))
        {
            ReleaseUnknownCaller(message);
            return;
        }

        caller.OnMessage(message, message.Object.StoreNumber != 0, Now);
        SendPending(caller);
    }

    /// <summary>Tells an object that a caller has ended of which it still retains answers.</summary>
    private void ReleaseUnknownCaller(DurableObjectProtocol.IObjectMessage message)
    {
        if (message is DurableObjectProtocol.DurableObjectReply && _stores.TryGetValue(message.Object.StoreNumber, out var objects))
            objects.Tell(new DurableObjectProtocol.CallerHeartbeat(message.Object, message.Caller, 0, 0, [], [], [], IsLeaving: true));
    }

    private void OnInterval()
    {
        foreach (var caller in _callers.Values.ToList())
        {
            caller.OnInterval(Now);
            SendPending(caller);
        }

        if (_callers.Count == 0)
            Timers.Cancel(nameof(CallersTick));
    }

    private void SendPending(DurableCaller caller)
    {
        foreach (var message in caller.TakeMessages())
        {
            if (_stores.TryGetValue(message.Object.StoreNumber, out var objects))
                objects.Tell(message);
        }

        var process = _processes[caller.Id];
        foreach (var reply in caller.TakeReplies())
        {
            _waiting.RemoveCall(process, reply.Call);
            process.Tell(reply);
        }

        if (!caller.HasLeft || !caller.IsFinished)
            return;
        _callers.Remove(process);
        _processes.Remove(caller.Id);
    }

    /// <summary>Sends the end of the process through the entry, behind its last messages.</summary>
    private void ConfirmTerminated(IActorRef process) => _entry.Tell(new CallerTerminated(ObjectId.FromDurableName("", 0), process));

    private void ConfirmTerminatedAt(Address address)
    {
        foreach (var process in _callers.Keys.Where(process => process.Path.Address.Equals(address)).ToList())
            ConfirmTerminated(Context.Unwatch(process));
    }

    private void RemoveCaller(IActorRef process)
    {
        if (!_callers.TryGetValue(process, out var caller))
            return;
        _waiting.RemoveCaller(process);
        caller.LeaveObjects();
        SendPending(caller);
    }

    /// <summary>Adds a store of durable objects.</summary>
    /// <param name="Number">The number of the store.</param>
    /// <param name="Objects">The actor that routes messages to its objects.</param>
    public sealed record AddStore(uint Number, IActorRef Objects);

    private sealed record CallersTick
    {
        public static readonly CallersTick Instance = new();
    }
}
