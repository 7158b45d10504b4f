using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>A process that calls durable objects: its calls, object by object. Knows no actor and no clock.</summary>
/// <param name="id">The process.</param>
internal sealed class DurableCaller(CallerId id)
{
    private readonly Dictionary<ObjectId, DurableCalls> _objects = [];
    private readonly List<DurableObjectProtocol.ICallerMessage> _sent = [];
    private readonly List<ObjectReply> _replies = [];
    private long _highestLeft;

    /// <summary>The process.</summary>
    public CallerId Id => id;

    /// <summary>Its process is gone.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>No object has anything to do with it.</summary>
    public bool IsOver => _objects.Count == 0;

    /// <summary>Calls that have no answer.</summary>
    public bool IsWaiting => _objects.Values.Any(calls => calls.IsWaiting);

    /// <summary>A call, as its process numbers it. What is told and not answered concerns the lifetime of objects that are not durable, but for its last.</summary>
    public void Call(ObjectCall call, TimeSpan patience, TimeSpan now)
    {
        if (call.Operation < ObjectOperation.Hold)
            CallsOf(call.Object).Call(call, patience, now, _sent);
        else if (call.Operation == ObjectOperation.Drop && _objects.TryGetValue(call.Object, out var calls) && !calls.IsWaiting)
            calls.Leave(_sent);
    }

    /// <inheritdoc cref="DurableCalls.Received"/>
    public void Received(ObjectId target, long call) => _objects.GetValueOrDefault(target)?.Received(call, _sent);

    /// <inheritdoc cref="DurableCalls.Abandoned"/>
    public void Abandoned(ObjectId target, long call) => _objects.GetValueOrDefault(target)?.Abandoned(call, _sent);

    /// <summary>The process is gone.</summary>
    public void Leave()
    {
        IsLeft = true;
        foreach (var calls in _objects.Values)
            calls.Leave(_sent);
    }

    /// <summary>An object has said something.</summary>
    public void Hear(DurableObjectProtocol.IObjectMessage message, bool isOnlyThere, TimeSpan now)
    {
        if (!_objects.TryGetValue(message.Object, out var calls))
            return;
        switch (message)
        {
            case DurableObjectProtocol.DurableObjectReply answer when calls.Answered(answer.Reply, now, _sent) is { } reply: _replies.Add(reply); break;
            case DurableObjectProtocol.CallerHeartbeatReply heard: calls.Heard(heard, now, _sent); break;
            case DurableObjectProtocol.DurableObjectInterrupted interrupted: calls.Interrupted(interrupted.Reason, isOnlyThere, _replies); break;
        }

        if (!calls.IsOver)
            return;
        _objects.Remove(message.Object);
        _highestLeft = Math.Max(_highestLeft, calls.Highest);
    }

    /// <inheritdoc cref="DurableCalls.Tick"/>
    public void Tick(TimeSpan now)
    {
        foreach (var calls in _objects.Values)
            calls.Tick(now, _sent, _replies);
    }

    /// <inheritdoc cref="DurableCalls.Resume"/>
    public void Resume(TimeSpan now)
    {
        foreach (var calls in _objects.Values)
            calls.Resume(now, _sent);
    }

    /// <summary>What is to be sent now.</summary>
    public List<DurableObjectProtocol.ICallerMessage> TakeSent() => Take(_sent);

    /// <summary>What the process is to be answered now.</summary>
    public List<ObjectReply> TakeReplies() => Take(_replies);

    private DurableCalls CallsOf(ObjectId target) =>
        _objects.TryGetValue(target, out var calls) ? calls : _objects[target] = new DurableCalls(target, id, _highestLeft);

    private static List<T> Take<T>(List<T> from)
    {
        var taken = from.ToList();
        from.Clear();
        return taken;
    }
}
