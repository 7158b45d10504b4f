using Actors.Coordinator.Clients;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Objects;

/// <summary>
/// Creates managed objects as child actors, and routes calls to them. A call on an unknown object is answered as such. An object is removed
/// when its creator removes it or ends, or when no process has a proxy of it. A named object stays until its name is removed.
/// </summary>
public sealed partial class ObjectsActor : HandlerActor, IWithTimers
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    private readonly Dictionary<ObjectId, RoutedObject> _objects = [];
    private readonly Dictionary<IActorRef, ObjectId> _ids = [];
    private readonly ObjectMakers _makers = new();
    private readonly Callers _callers = new(Context.System);
    private readonly LifetimeState _lifetimes;
    private readonly ProxyHolders _holders;
    private readonly IActorRef _entry;
    private readonly IActorRef? _outer;
    private long _created;

    /// <param name="entry">The actor to which callers send. Null for this actor.</param>
    /// <param name="grace">How long an unused object stays. Null for one minute.</param>
    /// <param name="outer">The link to objects outside of this process. Null if there is none.</param>
    public ObjectsActor(IActorRef? entry = null, TimeSpan? grace = null, IOuterObjects? outer = null)
    {
        _entry = entry ?? Self;
        if (outer is not null)
        {
            _outer = Context.ActorOf(
                InlineDispatcher.ApplyTo(ActorProps.Create(() => new OuterObjectsActor(outer, _entry)), Context.System), "outer");
        }

        _lifetimes = new LifetimeState(grace ?? Grace);
        _holders = new ProxyHolders(Context.System, _lifetimes);
        Receive<ObjectCall>(call => RouteCall(call));
        Receive<ObjectReplyReceived>(received => ForwardTo(received.Object, received));
        Receive<ObjectCallAbandoned>(abandoned => ForwardTo(abandoned.Object, abandoned));
        Receive<CallerTerminated>(terminated => ForwardTo(terminated.Object, terminated));
        Receive<ObjectProtocol.CreateManagedObject>(CreateObject);
        Receive<ObjectProtocol.RemoveManagedObject>(RemoveForMaker);
        Receive<ObjectProtocol.PublishObject>(PublishName);
        Receive<ObjectProtocol.FindNamedObject>(find => AnswerNamed(find.Name));
        Receive<ObjectProtocol.ListObjects>(ListObjects);
        Receive<ListDue>(due => SendList(due.AreLocks));
        Receive<ListCollected>(SendCollected);
        Receive<Terminated>(terminated => OnTerminated(terminated.ActorRef));
        Receive<DisassociatedEvent>(disconnected => RemoveCallersAt(disconnected.RemoteAddress));
        Receive<RemovalDue>(_ => RemoveUnwanted());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message)
    {
        var isHandled = base.AroundReceive(receive, message);
        ScheduleRemoval();
        return isHandled;
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        foreach (var contained in _contained.Values)
            contained.Dispose();
        _holders.Dispose();
        _callers.Dispose();
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void CreateObject(ObjectProtocol.CreateManagedObject create)
    {
        if (_objects.ContainsKey(create.Object))
        {
            // A creator that missed the answer asks again.
            if (_makers.FindMaker(create.Object) is { } maker && !maker.Equals(Sender))
            {
                RefusedMessages.ReportCurrent(Context, create);
                return;
            }
        }
        else
        {
            if (ChargeCreation(create) is not { } charges)
                return;
            if (TryCreateState(create) is not { } state)
            {
                charges.Count.Dispose();
                charges.Memory.Dispose();
                return;
            }

            // The count distinguishes the name from that of an object with the same id that is still stopping.
            var name = $"{create.Object}-{++_created}";
            var (id, entry, backlog) = (create.Object, _entry, new ObjectBacklog());
            var props = ActorProps.Create(() => new ManagedObjectActor(id, state, entry, charges, backlog));
            props = InlineDispatcher.ApplyTo(props, Context.System);
            var actor = Context.Watch(Context.ActorOf(props, name));
            _objects[create.Object] = new RoutedObject(actor, backlog);
            _ids[actor] = create.Object;
            _kinds[create.Object] = create.Kind;
            _lifetimes.AddObject(create.Object, Now);
            if (!IsTemporary(Sender))
                _makers.Add(create.Object, Context.Watch(Sender));
        }

        Sender.Tell(new ObjectProtocol.ObjectCreated(create.Object));
    }

    /// <summary>
    /// Creates the state of a new object. Null if it cannot be created: an exception would stop this actor, and every object with it,
    /// because of one message.
    /// </summary>
    private IManagedObjectState? TryCreateState(ObjectProtocol.CreateManagedObject create)
    {
        try
        {
            var state = ObjectStates.CreateState(create);
            if (state is null)
                Unhandled(create);
            return state;
        }
        catch (OutOfMemoryException)
        {
            Sender.Tell(new ObjectProtocol.ObjectRefused(
                create.Object, "The process of the managed objects has not enough memory. Create a smaller one, or end others."));
            return null;
        }
    }

    /// <summary>Charges a new object and its values to its creator. Answers with a refusal, and returns null, above a limit.</summary>
    private (ClientCharge Count, ClientCharge Memory)? ChargeCreation(ObjectProtocol.CreateManagedObject create)
    {
        var count = ClientUsages.CreateCharge(Context.System, Sender, ClientResource.Objects);
        var memory = ClientUsages.CreateCharge(Context.System, Sender, ClientResource.ObjectMemory);
        var refusing = !count.TryGrow(1) ? count : !memory.TryGrow(ObjectSizes.MeasureNew(create)) ? memory : null;
        if (refusing is null)
            return (count, memory);
        Sender.Tell(new ObjectProtocol.ObjectRefused(create.Object, refusing.FormatRefusal()));
        count.Dispose();
        return null;
    }

    /// <summary>
    /// Whether the sender is the temporary actor of an Ask of this process, which ends with its answer and represents no process. Such an
    /// object lives until it is removed. An object of another program always ends with its sender.
    /// </summary>
    private static bool IsTemporary(IActorRef sender) => sender.IsLocal() && sender.Path.Elements is ["temp", ..];

    private void RouteCall(ObjectCall call)
    {
        var isHere = _objects.TryGetValue(call.Object, out var target);
        if (!isHere && _outer is not null)
            _outer.Forward(call);
        else if (call.Operation >= ObjectOperation.Hold)
            UpdateLifetime(call);
        else if (!isHere)
            Sender.Tell(ObjectReply.WithStatus(call.Call, ObjectStatus.NoSuchObject));
        else if (target.Backlog.TryAdd(Sender, call))
            target.Forward(call);
        else
            Sender.Tell(new ObjectReply(call.Call, ObjectStatus.OverLimit, 0, [ObjectBacklog.Refusal]));
    }

    private void UpdateLifetime(ObjectCall call)
    {
        switch (call.Operation)
        {
            case ObjectOperation.Hold when FindOrAddCaller(Sender) is { } caller:
                if (!_holders.TryAdd(call.Object, caller, Sender, Now))
                    RefusedMessages.ReportCurrent(Context, call);
                break;
            case ObjectOperation.Drop when FindOrAddCaller(Sender) is { } caller: _holders.Remove(call.Object, caller, Now); break;
            case ObjectOperation.Contain when call.ReadRequest<ObjectContain>() is { } contain: AddContained(call.Object, contain); break;
            default: Unhandled(call); break;
        }
    }

    /// <summary>Returns null if the program of the actor has too many actors. Its objects then live until they are unused.</summary>
    private Caller? FindOrAddCaller(IActorRef actor)
    {
        var caller = _callers.GetOrAdd(actor, out var isNew);
        if (isNew)
            Context.Watch(actor);
        return caller;
    }

    private void ForwardTo(ObjectId target, object message)
    {
        if (!_objects.TryGetValue(target, out var known))
            _outer?.Forward(message);
        else if (known.Backlog.TryAdd(Sender, message))
            known.Forward(message);
    }

    // A message instead of a stop: earlier calls on the object are still answered.
    private void RemoveObject(ObjectId id)
    {
        _makers.Remove(id);
        _kinds.Remove(id);
        RemoveNamesOf(id);
        if (_contained.Remove(id, out var contained))
            contained.Dispose();
        _holders.RemoveObject(id, Now);
        if (_objects.Remove(id, out var removed))
        {
            _ids.Remove(removed.Actor);
            removed.Actor.Tell(new ObjectProtocol.RemoveManagedObject(id));
        }
    }

    /// <summary>Starts the timer for the next removal. A running timer is never too late, because new deadlines are later.</summary>
    private void ScheduleRemoval()
    {
        if (_lifetimes.NextDeadline is { } deadline && !Timers.IsTimerActive(nameof(RemovalDue)))
            Timers.StartSingleTimer(nameof(RemovalDue), RemovalDue.Instance, deadline > Now ? deadline - Now : TimeSpan.Zero);
    }

    private void RemoveUnwanted()
    {
        foreach (var id in _lifetimes.TakeUnwanted(Now))
            RemoveObject(id);
    }

    // The actor may be an object, a creator, or a process with proxies, or both of the latter.
    private void OnTerminated(IActorRef terminated)
    {
        if (_callers.TryRemove(terminated, out var caller))
            _holders.RemoveProcess(caller, Now);
        foreach (var made in _makers.GetObjects(terminated))
            RemoveUnlessNamed(made);
        if (_ids.TryGetValue(terminated, out var id))
            RemoveObject(id);
    }

    /// <summary>Removes an object for its creator. No other process may remove it.</summary>
    private void RemoveForMaker(ObjectProtocol.RemoveManagedObject remove)
    {
        if (Sender.Equals(_makers.FindMaker(remove.Object)))
            RemoveUnlessNamed(remove.Object);
        else if (_objects.ContainsKey(remove.Object))
            RefusedMessages.ReportCurrent(Context, remove);
    }

    private void RemoveUnlessNamed(ObjectId id)
    {
        _makers.Remove(id);
        if (_lifetimes.IsNamed(id))
            _lifetimes.RemoveMaker(id, Now);
        else
            RemoveObject(id);
    }

    private void RemoveCallersAt(Address address)
    {
        foreach (var actor in _callers.GetActorsAt(address))
        {
            _callers.TryRemove(actor, out var caller);
            _holders.RemoveProcess(caller, Now);
        }
    }

    private readonly record struct RoutedObject(IActorRef Actor, ObjectBacklog Backlog)
    {
        public void Forward(object message)
        {
            if (Backlog.IsSlow)
                InlineDispatcher.ForwardDetached(Actor, message);
            else
                Actor.Forward(message);
        }
    }

    private sealed record RemovalDue
    {
        public static readonly RemovalDue Instance = new();
    }
}
