using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using Akka.Actor;
using Akka.Event;

namespace Actors.Coordinator.Objects;

/// <summary>
/// One managed object: feeds its core and sends the answers. The sender of a call stands for the caller's process and is watched; its
/// end is the caller's.
/// </summary>
internal sealed class ManagedObjectActor : UntypedActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Callers _callers = new();
    private readonly List<ObjectAnswer> _answers = [];
    private IManagedObjectState _state;
    private ICancelable? _timer;
    private TimeSpan _timerAt = TimeSpan.MaxValue;

    /// <summary>The shell of a core.</summary>
    /// <param name="state">The core, which nobody else may hold.</param>
    public ManagedObjectActor(IManagedObjectState state) => _state = state;

    /// <summary>How to make one.</summary>
    internal static Props Props(Func<IManagedObjectState> state) => Akka.Actor.Props.CreateBy(new Producer(state));

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        try
        {
            Feed(message);
        }
#pragma warning disable CA1031 // Whatever the core threw, its callers must not wait for ever: the object ends and says so.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _log.Error(failure, "A managed object failed on {0} and ends", message.GetType().Name);
            EndObject();
        }

        SendAnswers();
        ArmTimer();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _timer?.Cancel();
        EndObject();
        SendAnswers();
    }

    private void Feed(object message)
    {
        switch (message)
        {
            case ObjectCall call:
                _state.Call(CallerNumber(), call, Now, _answers);
                break;
            case ObjectReceived received:
                if (_callers.TryGetNumber(Sender, out long confirming))
                    _state.Received(confirming, received.Call);
                break;
            case ObjectCallAbandoned abandoned:
                if (_callers.TryGetNumber(Sender, out long abandoning))
                    _state.Abandoned(abandoning, abandoned.Call, _answers);
                break;
            case Terminated dead:
                if (_callers.Remove(dead.ActorRef, out long number))
                    _state.CallerDied(number, _answers);
                break;
            case DeadlineReached:
                _timerAt = TimeSpan.MaxValue;
                _state.TimePassed(Now, _answers);
                break;
            case ObjectProtocol.Remove:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private long CallerNumber()
    {
        long number = _callers.NumberOf(Sender, out bool isNew);
        if (isNew)
            Context.Watch(Sender);
        return number;
    }

    private void EndObject()
    {
        var ending = _state;
        _state = new GoneState();
        ending.End(_answers);
    }

    private void SendAnswers()
    {
        foreach (var answer in _answers)
        {
            if (_callers.TryGetActor(answer.Caller, out var caller))
                caller.Tell(answer.Reply);
        }

        _answers.Clear();
    }

    // A timer that is early enough is left alone: calls that wait with a limit and are soon answered then cost no timer each.
    private void ArmTimer()
    {
        if (_state.NextDeadline is not { } next || next >= _timerAt)
            return;
        _timer?.Cancel();
        _timerAt = next;
        var delay = next - Now;
        _timer = Context.System.Scheduler.ScheduleTellOnceCancelable(
            delay > TimeSpan.Zero ? delay : TimeSpan.Zero, Self, DeadlineReached.Instance, Self);
    }

    private sealed class DeadlineReached
    {
        internal static readonly DeadlineReached Instance = new();
    }

    // A producer and not an expression: the core is an interface that Props could not name as a type argument.
    private sealed class Producer(Func<IManagedObjectState> state) : IIndirectActorProducer
    {
        public Type ActorType => typeof(ManagedObjectActor);

        public ActorBase Produce() => new ManagedObjectActor(state());

        public void Release(ActorBase actor)
        {
        }
    }
}
