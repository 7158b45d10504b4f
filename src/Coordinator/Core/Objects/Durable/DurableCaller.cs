using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>A process that calls durable objects, with its calls by object. Has no actor and no clock.</summary>
/// <param name="id">The id of the process.</param>
public sealed class DurableCaller(CallerId id)
{
    private readonly Dictionary<ObjectId, DurableCalls> _objects = [];
    private readonly List<DurableObjectProtocol.ICallerMessage> _messages = [];
    private readonly List<ObjectReply> _replies = [];
    private long _highestNumberLeft;

    /// <summary>The id of the process.</summary>
    public CallerId Id => id;

    /// <summary>Whether the process has ended.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Whether no object has unsettled calls of the process.</summary>
    public bool IsFinished => _objects.Count == 0;

    /// <summary>Whether any call has no answer.</summary>
    public bool HasPendingCalls => _objects.Values.Any(calls => calls.HasPendingCalls);

    /// <summary>Sends a call. Calls about lifetimes do not concern durable objects, except for the drop of the last proxy.</summary>
    public void SendCall(ObjectCall call, TimeSpan patience, TimeSpan now)
    {
        if (call.Operation < ObjectOperation.Hold)
            GetOrAddCalls(call.Object).SendCall(call, patience, now, _messages);
        else if (call.Operation == ObjectOperation.Drop && _objects.TryGetValue(call.Object, out var calls) && !calls.HasPendingCalls)
            calls.LeaveObject(_messages);
    }

    /// <inheritdoc cref="DurableCalls.ConfirmReceipt"/>
    public void ConfirmReceipt(ObjectId target, long call) => _objects.GetValueOrDefault(target)?.ConfirmReceipt(call, _messages);

    /// <inheritdoc cref="DurableCalls.AbandonCall"/>
    public void AbandonCall(ObjectId target, long call) => _objects.GetValueOrDefault(target)?.AbandonCall(call, _messages);

    /// <summary>Leaves all objects, because the process has ended.</summary>
    public void LeaveObjects()
    {
        HasLeft = true;
        foreach (var calls in _objects.Values)
            calls.LeaveObject(_messages);
    }

    /// <summary>Handles a message of an object.</summary>
    public void OnMessage(DurableObjectProtocol.IObjectMessage message, bool isOnlyStore, TimeSpan now)
    {
        if (!_objects.TryGetValue(message.Object, out var calls))
            return;
        switch (message)
        {
            case DurableObjectProtocol.DurableObjectReply answer when calls.OnAnswered(answer.Reply, now, _messages) is { } reply:
                _replies.Add(reply);
                break;
            case DurableObjectProtocol.CallerHeartbeatReply compared: calls.OnCompared(compared, now, _messages); break;
            case DurableObjectProtocol.DurableObjectInterrupted interrupted:
                calls.OnInterrupted(interrupted.Reason, isOnlyStore, _replies);
                break;
        }

        if (!calls.IsFinished)
            return;
        _objects.Remove(message.Object);
        _highestNumberLeft = Math.Max(_highestNumberLeft, calls.HighestNumber);
    }

    /// <inheritdoc cref="DurableCalls.OnInterval"/>
    public void OnInterval(TimeSpan now)
    {
        foreach (var calls in _objects.Values)
            calls.OnInterval(now, _messages, _replies);
    }

    /// <inheritdoc cref="DurableCalls.ResendAll"/>
    public void ResendAll(TimeSpan now)
    {
        foreach (var calls in _objects.Values)
            calls.ResendAll(now, _messages);
    }

    /// <summary>Takes the messages to send to objects.</summary>
    public List<DurableObjectProtocol.ICallerMessage> TakeMessages() => TakeAll(_messages);

    /// <summary>Takes the replies for the process.</summary>
    public List<ObjectReply> TakeReplies() => TakeAll(_replies);

    private DurableCalls GetOrAddCalls(ObjectId target) =>
        _objects.TryGetValue(target, out var calls) ? calls : _objects[target] = new DurableCalls(target, id, _highestNumberLeft);

    private static List<T> TakeAll<T>(List<T> from)
    {
        var all = from.ToList();
        from.Clear();
        return all;
    }
}
