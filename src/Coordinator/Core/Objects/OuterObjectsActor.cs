using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>
/// Passes what is said of objects that are not here on to the coordinator that this process is itself a worker of. Every caller stays one of its
/// own there, so that what it holds is freed when it dies.
/// </summary>
internal sealed class OuterObjectsActor : ReceiveActor
{
    private readonly Dictionary<IActorRef, long> _callers = [];
    private readonly IOuterObjects _outer;

    /// <param name="outer">The way there.</param>
    /// <param name="entry">Where callers send to.</param>
    public OuterObjectsActor(IOuterObjects outer, IActorRef entry)
    {
        _outer = outer;
        Receive<IWireMessage>(message => _outer.ForwardMessage(GetOrOpenNumber(Sender), message));
        // As a managed object does: the caller's last words may still be on their way.
        Receive<Terminated>(gone => entry.Tell(new CallerTerminated(default, gone.ActorRef)));
        Receive<CallerTerminated>(gone => CloseCaller(gone.Caller));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (var number in _callers.Values)
            _outer.CloseCaller(number);
    }

    private long GetOrOpenNumber(IActorRef caller)
    {
        if (!_callers.TryGetValue(caller, out var number))
        {
            var self = Self;
            number = _callers[caller] = _outer.OpenCaller(reply => caller.Tell(reply, self));
            Context.Watch(caller);
        }

        return number;
    }

    private void CloseCaller(IActorRef caller)
    {
        if (_callers.Remove(caller, out var number))
            _outer.CloseCaller(number);
    }
}
