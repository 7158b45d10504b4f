using Actors.Coordinator.Objects;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Objects;

/// <summary>Mirrors <c>ManagedObjectActor</c>: feeds the real state of one managed object, and sends its answers.</summary>
internal sealed class SimulatedObject(ObjectWorld world, SimulatedHost host, IManagedObjectState state) : SimulatedPart(world, host)
{
    private readonly Dictionary<SimulatedPart, Caller> _callers = [];
    private readonly Dictionary<Caller, SimulatedPart> _parts = [];
    private readonly List<ObjectAnswer> _answers = [];
    private readonly ObjectBugs _bugs = new(world.Bug);
    private TimeSpan _timerAt = TimeSpan.MaxValue;
    private int _lastCaller;

    /// <summary>The bytes of the values.</summary>
    public long Size => state.Size;

    /// <summary>Handles a call of a further program, which then ends. For the end of a schedule.</summary>
    public ObjectReply Ask<TRequest>(TRequest request)
        where TRequest : struct, IObjectRequest<TRequest>
    {
        var (caller, content) = (new Caller(++_lastCaller), TRequest.ToContent(request));
        state.HandleCall(caller, new ObjectCall(default, 1, TRequest.Operation, 0, content.Number, content.Payloads), Now, _answers);
        var reply = _answers[^1].Reply;
        if (TRequest.Operation.HandsOver(reply))
            state.ConfirmReceipt(caller, 1);
        state.RemoveCaller(caller, Now, _answers);
        _answers.Clear();
        return reply;
    }

    public override void Receive(object message, SimulatedPart sender)
    {
        var caller = FindOrAddCaller(sender);
        switch (message)
        {
            case ObjectCall call: HandleCall(caller, _bugs.ChangeCall(call)); break;
            case ObjectReplyReceived received when _bugs.ReturnsReceived: state.AbandonCall(caller, received.Call, Now, _answers); break;
            case ObjectReplyReceived received: state.ConfirmReceipt(caller, received.Call); break;
            case ObjectCallAbandoned abandoned: state.AbandonCall(caller, abandoned.Call, Now, _answers); break;
        }

        SendAnswers();
    }

    public override void OnDisconnected(SimulatedHost host, TimeSpan brokenAt)
    {
        foreach (var part in _callers.Keys.Where(part => part.Host == host && part.Created <= brokenAt).ToList())
            RemoveCaller(part);
    }

    public override void OnTerminated(SimulatedPart part) => RemoveCaller(part);

    private void HandleCall(Caller caller, ObjectCall call) =>
        _bugs.ChooseState(state, caller, call).HandleCall(caller, call, Now, _answers);

    private Caller FindOrAddCaller(SimulatedPart part)
    {
        if (_callers.TryGetValue(part, out var known))
            return known;
        var caller = new Caller(++_lastCaller);
        (_callers[part], _parts[caller]) = (caller, part);
        Watch(part);
        return caller;
    }

    private void RemoveCaller(SimulatedPart part)
    {
        if (!_callers.Remove(part, out var caller))
            return;
        _parts.Remove(caller);
        world.OnCallerLost(part);
        if (_bugs.KeepsDeadCallers)
            return;
        state.RemoveCaller(caller, Now, _answers);
        SendAnswers();
    }

    private void SendAnswers()
    {
        foreach (var answer in _answers.ToArray())
        {
            if (_parts.TryGetValue(answer.Caller, out var part))
                Send(part, _bugs.ChangeReply(state, answer.Reply));
        }

        _answers.Clear();
        StartTimer();
    }

    private void StartTimer()
    {
        if (state.NextDeadline is not { } deadline || deadline >= _timerAt)
            return;
        _timerAt = deadline;
        var wait = deadline - Now;
        RunAfter(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), () =>
        {
            _timerAt = TimeSpan.MaxValue;
            state.ExpireCalls(Now, _answers);
            SendAnswers();
        });
    }
}
