using Actors.Messages.Objects;
using Akka.Actor;

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
        Receive<ObjectProtocol.Remove>(_ => End());
        Receive<Due>(_ => Decide(() => _state.Tick(Now, _answers)));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

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

    /// <summary>Removed. An object that ends with its coordinator says nothing: that is what its callers are to hear.</summary>
    private void End()
    {
        Decide(() => _state.End(_answers));
        Context.Stop(Self);
    }

    private void Decide(Action command)
    {
        try
        {
            command();
        }
        catch
        {
            // It ends of its own fault: whoever waits must not wait for ever.
            _state.End(_answers);
            Answer();
            throw;
        }

        Answer();
        if (_state.NextDeadline is { } deadline)
            Timers.StartSingleTimer(nameof(Due), Due.Instance, Positive(deadline - Now));
    }

    private void Answer()
    {
        foreach (var answer in _answers)
        {
            if (_actors.TryGetValue(answer.Caller, out var actor))
                actor.Tell(answer.Reply);
        }

        _answers.Clear();
    }

    private static TimeSpan Positive(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }
}
