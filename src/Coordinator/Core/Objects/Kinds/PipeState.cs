using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A pipe with two ends: messages sent at one end are received at the other, in order. A process uses an end once it opens or calls it. An
/// end is closed for good when its last user has closed it or died. An end without users so far is open, as is one whose last user passed
/// it on. A delivered message that is not confirmed returns to its position.
/// </summary>
internal sealed class PipeState : IManagedObjectState
{
    private readonly PipeSide[] _sides = [new(), new()];
    private readonly Dictionary<(Caller Caller, long Call), (PipeSide Side, PipeMessage Message)> _delivered = [];
    private long _deliveredBytes;

    /// <inheritdoc/>
    public long Size => _sides[0].UnreadBytes + _sides[1].UnreadBytes + _deliveredBytes;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => _sides.SelectMany(side => side.Waiting).Min(calls => calls.NextDeadline);

    /// <inheritdoc/>
    public void HandleCall(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        var (own, other) = (_sides[call.Number & 1], _sides[~call.Number & 1]);
        switch (call.Operation)
        {
            case ObjectOperation.PipeOpen: OpenSide(own, caller, call, answers); break;
            case ObjectOperation.PipeClose: CloseSide(own, caller, call, answers); break;
            case ObjectOperation.PipeSend when call.Payloads.Length == 1: AddWaiting(own, other.Senders, caller, call, now, answers); break;
            case ObjectOperation.PipeReceive: AddWaiting(own, own.Receivers, caller, call, now, answers); break;
            case ObjectOperation.PipePoll: AddWaiting(own, own.Pollers, caller, call, now, answers); break;
            default: answers.AddReply(caller, call, ObjectStatus.NotSupported); break;
        }
    }

    /// <inheritdoc/>
    public void ConfirmReceipt(Caller caller, long call)
    {
        if (_delivered.Remove((caller, call), out var delivery))
            _deliveredBytes -= ObjectSizes.MeasureValue(delivery.Message.Payload);
    }

    /// <inheritdoc/>
    public void AbandonCall(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
        foreach (var calls in _sides.SelectMany(side => side.Waiting))
            calls.RemoveWhere(waiting => waiting.IsCall(caller, call));
        PutBack((caller, call));
        ServeBoth(answers);
    }

    /// <inheritdoc/>
    public void RemoveCaller(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
        foreach (var calls in _sides.SelectMany(side => side.Waiting))
            calls.RemoveWhere(waiting => waiting.Caller == caller);
        foreach (var key in _delivered.Keys.Where(delivery => delivery.Caller == caller).ToList())
            PutBack(key);
        foreach (var side in _sides)
        {
            if (side.Users.Remove(caller) && side.Users.Count == 0)
                side.CloseSide();
        }

        ServeBoth(answers);
    }

    /// <inheritdoc/>
    public void ExpireCalls(TimeSpan now, List<ObjectAnswer> answers)
    {
        var expired = _sides.SelectMany(side => side.Waiting).SelectMany(calls => calls.RemoveWhere(call => call.Deadline <= now));
        foreach (var waiting in expired)
            answers.AddReply(waiting.Caller, waiting.Call, ObjectStatus.TimedOut);
    }

    /// <inheritdoc/>
    public void EndAllCalls(List<ObjectAnswer> answers)
    {
        foreach (var waiting in _sides.SelectMany(side => side.Waiting).SelectMany(calls => calls.RemoveWhere(_ => true)))
            answers.AddReply(waiting.Caller, waiting.Call, ObjectStatus.NoSuchObject);
    }

    private static void OpenSide(PipeSide side, Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        if (!side.IsClosed)
            side.Users.Add(caller);
        answers.AddReply(caller, call, side.IsClosed ? ObjectStatus.NotHeld : ObjectStatus.Ok);
    }

    private void CloseSide(PipeSide side, Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        side.Users.Remove(caller);
        if (side.Users.Count == 0 && call.Payloads.IsEmpty)
            side.CloseSide();
        answers.AddReply(caller, call, ObjectStatus.Ok);
        ServeBoth(answers);
    }

    private void AddWaiting(PipeSide own, WaitingCalls calls, Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        if (own.IsClosed)
        {
            answers.AddReply(caller, call, ObjectStatus.NotHeld);
            return;
        }

        own.Users.Add(caller);
        calls.AddCall(new WaitingCall(caller, call, now));
        ServeBoth(answers);
        if (call.TimeoutMilliseconds == 0)
            ExpireCalls(now, answers);
    }

    private void PutBack((Caller Caller, long Call) key)
    {
        if (!_delivered.Remove(key, out var delivery))
            return;
        _deliveredBytes -= ObjectSizes.MeasureValue(delivery.Message.Payload);
        if (!delivery.Side.IsClosed)
            delivery.Side.PutBack(delivery.Message);
    }

    private void ServeBoth(List<ObjectAnswer> answers)
    {
        ServeSide(_sides[0], _sides[1], answers);
        ServeSide(_sides[1], _sides[0], answers);
    }

    private void ServeSide(PipeSide side, PipeSide other, List<ObjectAnswer> answers)
    {
        if (side.IsClosed)
            RefuseWaiting(side, answers);
        while (AcceptMessage(side, answers) | DeliverMessage(side, answers))
        {
        }

        if (side.First is null && !other.IsClosed)
            return;
        foreach (var poller in side.Pollers.RemoveWhere(_ => true))
            answers.AddReply(poller.Caller, poller.Call, ObjectStatus.Ok);
        if (side.First is not null)
            return;
        foreach (var receiver in side.Receivers.RemoveWhere(_ => true))
            answers.AddReply(receiver.Caller, receiver.Call, ObjectStatus.Broken);
    }

    /// <summary>
    /// Answers the calls at a closed end: its senders cannot send, and calls that wait there while another thread of their process closed
    /// the end fail.
    /// </summary>
    private static void RefuseWaiting(PipeSide side, List<ObjectAnswer> answers)
    {
        foreach (var sender in side.Senders.RemoveWhere(_ => true))
            answers.AddReply(sender.Caller, sender.Call, ObjectStatus.Broken);
        foreach (var waiting in side.Receivers.RemoveWhere(_ => true).Concat(side.Pollers.RemoveWhere(_ => true)))
            answers.AddReply(waiting.Caller, waiting.Call, ObjectStatus.NotHeld);
    }

    private static bool AcceptMessage(PipeSide side, List<ObjectAnswer> answers)
    {
        if (side.Senders.First is not { } sender || !side.HasCapacityFor(sender.Call.Payloads[0].Length))
            return false;
        side.Senders.RemoveFirst();
        side.AddMessage(sender.Call.Payloads[0]);
        answers.AddReply(sender.Caller, sender.Call, ObjectStatus.Ok);
        return true;
    }

    private bool DeliverMessage(PipeSide side, List<ObjectAnswer> answers)
    {
        if (side.First is not { } message || side.Receivers.First is not { } receiver)
            return false;
        side.Receivers.RemoveFirst();
        var most = (receiver.Call.Number >> 1) - 1;
        if (most >= 0 && message.Payload.Length > most)
        {
            answers.AddReply(receiver.Caller, receiver.Call, ObjectStatus.OutOfBounds, message.Payload.Length);
            return true;
        }

        // Two messages under one call number could not both be returned.
        if (!_delivered.TryAdd((receiver.Caller, receiver.Call.Call), (side, message)))
        {
            answers.AddReply(receiver.Caller, receiver.Call, ObjectStatus.NotSupported);
            return true;
        }

        side.TakeFirst();
        _deliveredBytes += ObjectSizes.MeasureValue(message.Payload);
        answers.AddReply(receiver.Caller, receiver.Call, ObjectStatus.Ok, 1, [message.Payload]);
        return true;
    }
}
