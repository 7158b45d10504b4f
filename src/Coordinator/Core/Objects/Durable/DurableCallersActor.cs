using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>
/// Stands before the durable objects for the processes whose calls come to this coordinator: each is a caller with what it has open, and is answered by the
/// object wherever that is now.
/// </summary>
internal sealed class DurableCallersActor : ReceiveActor, IWithTimers
{
    /// <summary>How long an object may be out of reach.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<IActorRef, DurableCaller> _callers = [];
    private readonly Dictionary<CallerId, IActorRef> _processes = [];
    private readonly Dictionary<uint, IActorRef> _stores = [];
    private readonly IActorRef _entry;
    private readonly IActorRef _others;

    /// <param name="shared">The objects of the coordinators' own store; nobody when they have none.</param>
    /// <param name="entry">Where callers send to.</param>
    /// <param name="others">Takes calls on what is in no store that is known here.</param>
    public DurableCallersActor(IActorRef shared, IActorRef entry, IActorRef others)
    {
        (_entry, _others) = (entry, others);
        if (!shared.IsNobody())
            _stores[0] = shared;
        Receive<UseStore>(store => _stores[store.Number] = store.Objects);
        Receive<DurableObjectsActor.Unload>(unload => _stores[unload.Object.StoreNumber].Forward(unload));
        Receive<ObjectCall>(Call);
        Receive<ObjectReplyReceived>(received => With(received.Object, received, caller => caller.Received(received.Object, received.Call)));
        Receive<ObjectCallAbandoned>(abandoned => With(abandoned.Object, abandoned, caller => caller.Abandoned(abandoned.Object, abandoned.Call)));
        Receive<DurableObjectProtocol.IObjectMessage>(Hear);
        Receive<Terminated>(gone => Follow(gone.ActorRef));
        Receive<DisassociatedEvent>(broken => FollowAllAt(broken.RemoteAddress));
        Receive<CallerGone>(gone => Leave(gone.Caller));
        Receive<Beat>(_ => Tick());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void Call(ObjectCall call)
    {
        if (_stores.ContainsKey(call.Object.StoreNumber))
        {
            var caller = CallerOf(Sender);
            caller.Call(call, Patience, Now);
            Flush(caller);
        }
        else
        {
            _others.Forward(call);
        }
    }

    private void With(ObjectId target, object message, Action<DurableCaller> tell)
    {
        if (!_stores.ContainsKey(target.StoreNumber))
        {
            _others.Forward(message);
        }
        else if (_callers.TryGetValue(Sender, out var caller))
        {
            tell(caller);
            Flush(caller);
        }
    }

    private DurableCaller CallerOf(IActorRef process)
    {
        if (!_callers.TryGetValue(process, out var caller))
        {
            caller = _callers[process] = new DurableCaller(CallerId.New());
            _processes[caller.Id] = Context.Watch(process);
            if (!Timers.IsTimerActive(nameof(Beat)))
                Timers.StartPeriodicTimer(nameof(Beat), Beat.Instance, DurableCalls.Interval);
        }

        return caller;
    }

    private void Hear(DurableObjectProtocol.IObjectMessage message)
    {
        if (!_processes.TryGetValue(message.Caller, out var process) || !_callers.TryGetValue(process, out var caller))
        {
            Disown(message);
            return;
        }

        caller.Hear(message, message.Object.StoreNumber != 0, Now);
        Flush(caller);
    }

    /// <summary>The object keeps something for a caller that has long been over.</summary>
    private void Disown(DurableObjectProtocol.IObjectMessage message)
    {
        if (message is DurableObjectProtocol.DurableObjectReply && _stores.TryGetValue(message.Object.StoreNumber, out var objects))
            objects.Tell(new DurableObjectProtocol.CallerHeartbeat(message.Object, message.Caller, 0, 0, [], [], [], IsLeaving: true));
    }

    private void Tick()
    {
        foreach (var caller in _callers.Values.ToList())
        {
            caller.Tick(Now);
            Flush(caller);
        }

        if (_callers.Count == 0)
            Timers.Cancel(nameof(Beat));
    }

    private void Flush(DurableCaller caller)
    {
        foreach (var message in caller.TakeSent())
        {
            if (_stores.TryGetValue(message.Object.StoreNumber, out var objects))
                objects.Tell(message);
        }

        var process = _processes[caller.Id];
        foreach (var reply in caller.TakeReplies())
            process.Tell(reply);
        if (!caller.IsLeft || !caller.IsOver)
            return;
        _callers.Remove(process);
        _processes.Remove(caller.Id);
    }

    /// <summary>As a managed object does: the process's last words may still be on their way.</summary>
    private void Follow(IActorRef process) => _entry.Tell(new CallerGone(ObjectId.FromDurableName("", 0), process));

    private void FollowAllAt(Address address)
    {
        foreach (var process in _callers.Keys.Where(process => process.Path.Address.Equals(address)).ToList())
            Follow(Context.Unwatch(process));
    }

    private void Leave(IActorRef process)
    {
        if (!_callers.TryGetValue(process, out var caller))
            return;
        caller.Leave();
        Flush(caller);
    }

    /// <summary>There are durable objects there.</summary>
    /// <param name="Number">The store's number.</param>
    /// <param name="Objects">Takes what is said to them.</param>
    public sealed record UseStore(uint Number, IActorRef Objects);

    private sealed record Beat
    {
        public static readonly Beat Instance = new();
    }
}
