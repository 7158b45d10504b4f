using Actors.Messages.Objects;
using Akka.Actor;
using Akka.Remote;

namespace Actors.Coordinator.Objects;

/// <summary>One managed object: feeds its state and sends the answers. The sender of a call stands for its process; when it is gone, so is the process.</summary>
internal sealed class ManagedObjectActor : ReceiveActor, IWithTimers
{
    private readonly IManagedObjectState _state;
    private readonly Dictionary<IActorRef, Caller> _callers = [];
    private readonly Dictionary<Caller, IActorRef> _actors = [];
    private readonly List<ObjectAnswer> _answers = [];
    private int _lastCaller;

    public ManagedObjectActor(IManagedObjectState state)
    {
        _state = state;
        Receive<ObjectCall>(call => Decide(() => _state.Call(CallerOf(Sender), call, Now, _answers)));
        Receive<ObjectReceived>(received => _state.Received(CallerOf(Sender), received.Call));
        Receive<ObjectCallAbandoned>(call => Decide(() => _state.Abandoned(CallerOf(Sender), call.Call, Now, _answers)));
        Receive<Terminated>(gone => Forget(gone.ActorRef));
        Receive<DisassociatedEvent>(broken => ForgetAt(broken.RemoteAddress));
        Receive<Due>(_ => Decide(() => _state.Tick(Now, _answers)));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        Decide(() => _state.End(_answers));
    }

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private Caller CallerOf(IActorRef actor)
    {
        if (_callers.TryGetValue(actor, out var known))
            return known;
        var caller = _callers[Context.Watch(actor)] = new Caller(++_lastCaller);
        _actors[caller] = actor;
        return caller;
    }

    private void Forget(IActorRef actor)
    {
        if (!_callers.Remove(actor, out var caller))
            return;
        _actors.Remove(caller);
        Decide(() => _state.Died(caller, Now, _answers));
    }

    /// <summary>A broken connection is the end of every session over it, on both sides; death watch would take seconds to say so of what was killed.</summary>
    private void ForgetAt(Address address)
    {
        foreach (var caller in _callers.Keys.Where(caller => caller.Path.Address.Equals(address)).ToList())
            Forget(Context.Unwatch(caller));
    }

    private void Decide(Action command)
    {
        command();
        foreach (var answer in _answers)
        {
            if (_actors.TryGetValue(answer.Caller, out var actor))
                actor.Tell(answer.Reply);
        }

        _answers.Clear();
        if (_state.NextDeadline is { } deadline)
            Timers.StartSingleTimer(nameof(Due), Due.Instance, Positive(deadline - Now));
    }

    private static TimeSpan Positive(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }
}
