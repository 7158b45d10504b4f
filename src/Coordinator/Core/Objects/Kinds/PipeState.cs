using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>
/// Two ends; what is sent at one is received at the other, in order and message by message. A process uses an end from the moment that it
/// is given it, or calls it. An end is closed, for good, when the last process that used it has died or closed it; one that nobody uses yet is open, and so
/// is one that was closed by a process that passed it on. A message that was given out and not confirmed goes back to its place.
/// </summary>
internal sealed class PipeState : IManagedObjectState
{
    private readonly PipeSide[] _sides = [new(), new()];
    private readonly Dictionary<(Caller Caller, long Call), (PipeSide Side, PipeMessage Message)> _given = [];

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => _sides.SelectMany(side => side.Waiting).Min(calls => calls.NextDeadline);

    /// <inheritdoc/>
    public void Call(Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        var (own, other) = (_sides[call.Number & 1], _sides[~call.Number & 1]);
        switch (call.Operation)
        {
            case ObjectOperation.PipeOpen: Open(own, caller, call, answers); break;
            case ObjectOperation.PipeClose: Close(own, caller, call, answers); break;
            case ObjectOperation.PipeSend when call.Payloads.Length == 1: Wait(own, other.Senders, caller, call, now, answers); break;
            case ObjectOperation.PipeReceive: Wait(own, own.Receivers, caller, call, now, answers); break;
            case ObjectOperation.PipePoll: Wait(own, own.Pollers, caller, call, now, answers); break;
            default: answers.Add(caller, call, ObjectStatus.NotSupported); break;
        }
    }

    /// <inheritdoc/>
    public void Received(Caller caller, long call) => _given.Remove((caller, call));

    /// <inheritdoc/>
    public void Abandoned(Caller caller, long call, TimeSpan now, List<ObjectAnswer> answers)
    {
        foreach (var calls in _sides.SelectMany(side => side.Waiting))
            calls.Remove(waiting => waiting.Is(caller, call));
        PutBack((caller, call));
        Serve(answers);
    }

    /// <inheritdoc/>
    public void Died(Caller caller, TimeSpan now, List<ObjectAnswer> answers)
    {
        foreach (var calls in _sides.SelectMany(side => side.Waiting))
            calls.Remove(waiting => waiting.Caller == caller);
        foreach (var key in _given.Keys.Where(given => given.Caller == caller).ToList())
            PutBack(key);
        foreach (var side in _sides)
        {
            if (side.Users.Remove(caller) && side.Users.Count == 0)
                side.Close();
        }

        Serve(answers);
    }

    /// <inheritdoc/>
    public void Tick(TimeSpan now, List<ObjectAnswer> answers)
    {
        foreach (var waiting in _sides.SelectMany(side => side.Waiting).SelectMany(calls => calls.Remove(call => call.Deadline <= now)))
            answers.Add(waiting.Caller, waiting.Call, ObjectStatus.TimedOut);
    }

    /// <inheritdoc/>
    public void End(List<ObjectAnswer> answers)
    {
        foreach (var waiting in _sides.SelectMany(side => side.Waiting).SelectMany(calls => calls.Remove(_ => true)))
            answers.Add(waiting.Caller, waiting.Call, ObjectStatus.NoSuchObject);
    }

    private static void Open(PipeSide side, Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        if (!side.IsClosed)
            side.Users.Add(caller);
        answers.Add(caller, call, side.IsClosed ? ObjectStatus.NotHeld : ObjectStatus.Ok);
    }

    private void Close(PipeSide side, Caller caller, ObjectCall call, List<ObjectAnswer> answers)
    {
        side.Users.Remove(caller);
        if (side.Users.Count == 0 && call.Payloads.IsEmpty)
            side.Close();
        answers.Add(caller, call, ObjectStatus.Ok);
        Serve(answers);
    }

    private void Wait(PipeSide own, WaitingCalls calls, Caller caller, ObjectCall call, TimeSpan now, List<ObjectAnswer> answers)
    {
        if (own.IsClosed)
        {
            answers.Add(caller, call, ObjectStatus.NotHeld);
            return;
        }

        own.Users.Add(caller);
        calls.Add(new WaitingCall(caller, call, now));
        Serve(answers);
        if (call.TimeoutMilliseconds == 0)
            Tick(now, answers);
    }

    private void PutBack((Caller Caller, long Call) key)
    {
        if (_given.Remove(key, out var given) && !given.Side.IsClosed)
            given.Side.PutBack(given.Message);
    }

    private void Serve(List<ObjectAnswer> answers)
    {
        Serve(_sides[0], _sides[1], answers);
        Serve(_sides[1], _sides[0], answers);
    }

    private void Serve(PipeSide side, PipeSide other, List<ObjectAnswer> answers)
    {
        if (side.IsClosed)
            Refuse(side, answers);
        while (Accept(side, answers) | Give(side, answers))
        {
        }

        if (side.First is null && !other.IsClosed)
            return;
        foreach (var poller in side.Pollers.Remove(_ => true))
            answers.Add(poller.Caller, poller.Call, ObjectStatus.Ok);
        if (side.First is not null)
            return;
        foreach (var receiver in side.Receivers.Remove(_ => true))
            answers.Add(receiver.Caller, receiver.Call, ObjectStatus.Broken);
    }

    /// <summary>At a closed end: senders to it cannot send, and who waited there while another of its process closed it need not wait.</summary>
    private static void Refuse(PipeSide side, List<ObjectAnswer> answers)
    {
        foreach (var sender in side.Senders.Remove(_ => true))
            answers.Add(sender.Caller, sender.Call, ObjectStatus.Broken);
        foreach (var waiting in side.Receivers.Remove(_ => true).Concat(side.Pollers.Remove(_ => true)))
            answers.Add(waiting.Caller, waiting.Call, ObjectStatus.NotHeld);
    }

    private static bool Accept(PipeSide side, List<ObjectAnswer> answers)
    {
        if (side.Senders.First is not { } sender || !side.HasRoomFor(sender.Call.Payloads[0].Length))
            return false;
        side.Senders.RemoveFirst();
        side.Add(sender.Call.Payloads[0]);
        answers.Add(sender.Caller, sender.Call, ObjectStatus.Ok);
        return true;
    }

    private bool Give(PipeSide side, List<ObjectAnswer> answers)
    {
        if (side.First is not { } message || side.Receivers.First is not { } receiver)
            return false;
        side.Receivers.RemoveFirst();
        var most = (receiver.Call.Number >> 1) - 1;
        if (most >= 0 && message.Payload.Length > most)
        {
            answers.Add(receiver.Caller, receiver.Call, ObjectStatus.OutOfBounds, message.Payload.Length);
            return true;
        }

        // Of two messages under one number only the last would come back.
        if (!_given.TryAdd((receiver.Caller, receiver.Call.Call), (side, message)))
        {
            answers.Add(receiver.Caller, receiver.Call, ObjectStatus.NotSupported);
            return true;
        }

        side.Take();
        answers.Add(receiver.Caller, receiver.Call, ObjectStatus.Ok, 1, [message.Payload]);
        return true;
    }
}
