using Actors.Messages.Collections;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// A pipe with two ends: messages sent at one end are received at the other, in order. A process uses an end once it opens or calls it. An
/// end is closed for good when its last user has closed it or died. An end without users so far is open, as is one whose last user passed
/// it on. A delivered message that is not confirmed returns to its position.
/// </summary>
public sealed class PipeState : IManagedObjectState
{
    private readonly PipeSide[] _sides = [new(), new()];
    private readonly Dictionary<(Caller Caller, long Call), (PipeSide Side, PipeMessage Message)> _delivered =
        new(SeededCallComparer<Caller>.Instance);
    private long _deliveredBytes;

    /// <inheritdoc/>
    public long Size => _sides[0].UnreadBytes + _sides[1].UnreadBytes + _deliveredBytes;

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => _sides.SelectMany(side => side.Waiting).Min(calls => calls.NextDeadline);

    /// <inheritdoc/>
    public void HandleCall(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        switch (call.Operation)
        {
            case ObjectOperation.PipeOpen when call.As<PipeOpen>() is { } open: OpenSide(caller, open, answers); break;
            case ObjectOperation.PipeClose when call.As<PipeClose>() is { } close: CloseSide(caller, close, answers); break;
            case ObjectOperation.PipeSend when call.ReadRequest<PipeSend>() is { } send:
                AddWaiting(_sides[send.End], _sides[1 - send.End].Senders, new WaitingCall(caller, call, now), answers);
                break;
            case ObjectOperation.PipeReceive when call.ReadRequest<PipeReceive>() is { } receive:
                AddWaiting(_sides[receive.End], _sides[receive.End].Receivers, new WaitingCall(caller, call, now), answers);
                break;
            case ObjectOperation.PipePoll when call.ReadRequest<PipePoll>() is { } poll:
                AddWaiting(_sides[poll.End], _sides[poll.End].Pollers, new WaitingCall(caller, call, now), answers);
                break;
            default: answers.AddStatus(caller, call, ObjectStatus.NotSupported); break;
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
            answers.AddStatus(waiting, ObjectStatus.TimedOut);
    }

    /// <inheritdoc/>
    public void EndAllCalls(List<ObjectAnswer> answers)
    {
        foreach (var waiting in _sides.SelectMany(side => side.Waiting).SelectMany(calls => calls.RemoveWhere(_ => true)))
            answers.AddStatus(waiting, ObjectStatus.NoSuchObject);
    }

    private void OpenSide(Caller caller, TypedCall<PipeOpen> call, List<ObjectAnswer> answers)
    {
        var side = _sides[call.Request.End];
        if (!side.IsClosed)
            side.Users.Add(caller);
        answers.AddStatus(caller, call, side.IsClosed ? ObjectStatus.NotHeld : ObjectStatus.Ok);
    }

    private void CloseSide(Caller caller, TypedCall<PipeClose> call, List<ObjectAnswer> answers)
    {
        var side = _sides[call.Request.End];
        side.Users.Remove(caller);
        if (side.Users.Count == 0 && !call.Request.IsPassedOn)
            side.CloseSide();
        answers.AddStatus(caller, call, ObjectStatus.Ok);
        ServeBoth(answers);
    }

    private void AddWaiting(PipeSide own, WaitingCalls calls, WaitingCall waiting, List<ObjectAnswer> answers)
    {
        if (own.IsClosed)
        {
            answers.AddStatus(waiting, ObjectStatus.NotHeld);
            return;
        }

        own.Users.Add(waiting.Caller);
        calls.AddCall(waiting);
        ServeBoth(answers);
        // The deadline of a call that does not wait is now.
        if (waiting.Call.TimeoutMilliseconds == 0)
            ExpireCalls(waiting.Deadline, answers);
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
            answers.AddStatus(poller, ObjectStatus.Ok);
        if (side.First is not null)
            return;
        foreach (var receiver in side.Receivers.RemoveWhere(_ => true))
            answers.AddStatus(receiver, ObjectStatus.Broken);
    }

    /// <summary>
    /// Answers the calls at a closed end: its senders cannot send, and calls that wait there while another thread of their process closed
    /// the end fail.
    /// </summary>
    private static void RefuseWaiting(PipeSide side, List<ObjectAnswer> answers)
    {
        foreach (var sender in side.Senders.RemoveWhere(_ => true))
            answers.AddStatus(sender, ObjectStatus.Broken);
        foreach (var waiting in side.Receivers.RemoveWhere(_ => true).Concat(side.Pollers.RemoveWhere(_ => true)))
            answers.AddStatus(waiting, ObjectStatus.NotHeld);
    }

    private static bool AcceptMessage(PipeSide side, List<ObjectAnswer> answers)
    {
        if (side.Senders.First is not { } sender || sender.Call.ReadRequest<PipeSend>() is not { } send
            || !side.HasCapacityFor(send.Message.Length))
            return false;
        side.Senders.RemoveFirst();
        side.AddMessage(send.Message);
        answers.AddStatus(sender, ObjectStatus.Ok);
        return true;
    }

    private bool DeliverMessage(PipeSide side, List<ObjectAnswer> answers)
    {
        if (side.First is not { } message || side.Receivers.First is not { } receiver)
            return false;
        side.Receivers.RemoveFirst();
        if (receiver.Call.ReadRequest<PipeReceive>()?.Limit < message.Payload.Length)
        {
            answers.AddReply(receiver, new MessageReply(default, message.Payload.Length, ObjectStatus.OutOfBounds));
            return true;
        }

        // Two messages under one call number could not both be returned.
        if (!_delivered.TryAdd((receiver.Caller, receiver.Call.Call), (side, message)))
        {
            answers.AddStatus(receiver, ObjectStatus.NotSupported);
            return true;
        }

        side.TakeFirst();
        _deliveredBytes += ObjectSizes.MeasureValue(message.Payload);
        answers.AddReply(receiver, new MessageReply(message.Payload, message.Payload.Length));
        return true;
    }
}
