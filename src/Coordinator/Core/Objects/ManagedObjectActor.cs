using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Actors.Coordinator.Objects;

/// <summary>One managed object: feeds its state and sends the answers. The sender of a call stands for its process; when it is gone, so is the process.</summary>
internal sealed class ManagedObjectActor : UntypedActor, IWithTimers
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Callers _callers = new();
    private readonly List<ObjectAnswer> _answers = [];
    private readonly ObjectId _id;
    private readonly IActorRef _entry;
    private IManagedObjectState _state;
    private TimeSpan _timerAt = TimeSpan.MaxValue;

    /// <param name="id">The object.</param>
    /// <param name="state">What it decides.</param>
    /// <param name="entry">Where callers send to.</param>
    public ManagedObjectActor(ObjectId id, IManagedObjectState state, IActorRef entry)
    {
        _id = id;
        _state = state;
        _entry = entry;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        try
        {
            Feed(message);
        }
#pragma warning disable CA1031 // Stopping would drop the calls in the mailbox unanswered: the object stays and says that it is gone.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _log.Error(failure, "A managed object failed at {0} and is given up.", message.GetType().Name);
            End();
            if (message is ObjectCall call)
                _state.Call(CallerOf(Sender), call, Now, _answers);
        }

        SendAnswers();
        StartTimer();
    }

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private void Feed(object message)
    {
        switch (message)
        {
            case ObjectCall call: _state.Call(CallerOf(Sender), call, Now, _answers); break;
            case ObjectReplyReceived received: _state.Received(CallerOf(Sender), received.Call); break;
            case ObjectCallAbandoned abandoned: _state.Abandoned(CallerOf(Sender), abandoned.Call, Now, _answers); break;
            case Terminated gone: FollowTo(gone.ActorRef); break;
            case DisassociatedEvent broken: FollowAllAt(broken.RemoteAddress); break;
            case CallerGone gone: Forget(gone.Caller); break;
            case Due: Tick(); break;
            case ObjectProtocol.RemoveManagedObject when Sender.Equals(Context.Parent): Remove(); break;
            case IWireMessage: RefusedMessages.ReportCurrent(Context, message); break;
            default: Unhandled(message); break;
        }
    }

    private Caller CallerOf(IActorRef actor)
    {
        var caller = _callers.Of(actor, out var isNew);
        if (isNew)
            Context.Watch(actor);
        return caller;
    }

    private void Forget(IActorRef actor)
    {
        if (_callers.Remove(actor, out var caller))
            _state.Died(caller, Now, _answers);
    }

    /// <summary>
    /// What a caller said before its end is still on its way, and its end has overtaken it: an item would count as not received that was. So the word of
    /// its end takes the same way.
    /// </summary>
    private void FollowTo(IActorRef actor) => _entry.Tell(new CallerGone(_id, actor));

    /// <summary>A broken connection is the end of every session over it, on both sides; death watch would take seconds to say so of what was killed.</summary>
    private void FollowAllAt(Address address)
    {
        foreach (var caller in _callers.At(address))
            FollowTo(Context.Unwatch(caller));
    }

    /// <summary>An object that ends with its coordinator says nothing: that the coordinator is gone is what its callers are to hear.</summary>
    private void Remove()
    {
        End();
        Context.Stop(Self);
    }

    private void Tick()
    {
        _timerAt = TimeSpan.MaxValue;
        _state.Tick(Now, _answers);
    }

    // The state is left before it is asked to end, so that one that fails at that too is not asked again.
    private void End()
    {
        var ending = _state;
        _state = new GoneState();
        ending.End(_answers);
    }

    private void SendAnswers()
    {
        foreach (var answer in _answers)
        {
            _callers.ActorOf(answer.Caller)?.Tell(answer.Reply);
        }

        _answers.Clear();
    }

    // A timer that is early enough is left alone: calls with a limit that are soon answered then cost no timer each.
    private void StartTimer()
    {
        if (_state.NextDeadline is not { } deadline || deadline >= _timerAt)
            return;
        _timerAt = deadline;
        Timers.StartSingleTimer(nameof(Due), Due.Instance, Positive(deadline - Now));
    }

    private static TimeSpan Positive(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }
}
