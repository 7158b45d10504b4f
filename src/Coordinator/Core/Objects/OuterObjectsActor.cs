using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>
/// Forwards messages about objects outside of this process to the coordinator of which this process is a worker. Each caller has its own
/// number there, so its objects are released when it dies.
/// </summary>
public sealed class OuterObjectsActor : HandlerActor
{
    private readonly Dictionary<IActorRef, long> _callers = [];
    private readonly IOuterObjects _outer;

    /// <param name="outer">The link to that coordinator.</param>
    /// <param name="entry">The actor to which callers send.</param>
    public OuterObjectsActor(IOuterObjects outer, IActorRef entry)
    {
        _outer = outer;
        Receive<IWireMessage>(message => _outer.ForwardMessage(GetOrOpenNumber(Sender), message));
        // Through the entry, behind the last messages of the caller.
        Receive<Terminated>(terminated => entry.Tell(new CallerTerminated(default, terminated.ActorRef)));
        Receive<CallerTerminated>(terminated => CloseCaller(terminated.Caller));
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
