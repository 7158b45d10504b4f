using Actors.Checkers;
using Actors.Messages.Objects;

namespace Actors.Simulation.Tests.Objects;

/// <content>Queues, items that are acknowledged after they were processed, and pipes.</content>
internal sealed partial class ObjectUser
{
    private long _lastItem;
    private (long Number, QueueHistoryItem Item, long Get)? _lease;

    /// <summary>Takes an item.</summary>
    /// <param name="timeout">The timeout in milliseconds.</param>
    /// <param name="onReply">Receives the reply; null if the outcome is unknown.</param>
    public void GetItem(long timeout, Action<ObjectReply?> onReply)
    {
        var (session, get) = (_session, _world.Items.RecordGet());
        Call(3, _world.Queue, ObjectOperation.Get, timeout, 1, [], reply =>
        {
            _world.OnItemReply(session, get, reply);
            onReply(reply);
        });
    }

    /// <summary>Receives an item of the queue with acknowledgments. The caller acknowledges it.</summary>
    public void ReceiveItem(long timeout, Action<ObjectReply?> onReply) => CallIfFree(10, () => SendReceive(timeout, onReply), onReply);

    /// <summary>Receives a message of the pipe.</summary>
    public void ReceiveMessage(long timeout, Action<ObjectReply?> onReply) =>
        CallIfFree(11, () => SendPipeReceive(timeout, onReply), onReply);

    private void CallIfFree(int kind, Action call, Action<ObjectReply?> onReply)
    {
        if (!TryCall(kind, call))
            onReply(null);
    }

    /// <summary>Closes the end of the pipe at which programs send, if this one may have, or if none has.</summary>
    public void ClosePipe()
    {
        var pipe = _world.Pipe;
        if (!pipe.HasSender || pipe.PossibleSenders.Contains(_session.Number))
            Call(12, pipe.Object, ObjectOperation.PipeClose, 0, 0, [], static _ => { });
    }

    private void PutItem(int choice) => Put(2, _world.Queue, _world.Items, choice);

    private void Put(int kind, SimulatedObject queue, QueueHistory history, int choice)
    {
        var item = new QueueHistoryItem(_session.Number, ++_lastItem);
        history.RecordPut(item);
        Call(kind, queue, ObjectOperation.Put, TimeoutOf(choice), 0, [ObjectWorld.Encode(item)], reply =>
        {
            if (reply is { Status: ObjectStatus.Ok })
                history.RecordAcknowledgment(item);
        });
    }

    private void UseLease(int choice)
    {
        if (_lease is null)
            SendReceive(300 * (choice % 4), static _ => { });
        else if (choice % 3 == 0)
            ReturnLease();
        else
            AcknowledgeLease();
    }

    private void SendReceive(long timeout, Action<ObjectReply?> onReply)
    {
        var get = _world.TaskItems.RecordGet();
        Call(10, _world.Tasks, ObjectOperation.ReceiveItem, timeout, 0, [], reply =>
        {
            if (reply is { Status: ObjectStatus.Ok })
                _lease = (reply.Number, ObjectWorld.DecodeItem(reply.Payloads[0]), get);
            onReply(reply);
        });
    }

    private void AcknowledgeLease()
    {
        var (session, lease) = (_session, _lease!.Value);
        _lease = null;
        Call(10, _world.Tasks, ObjectOperation.AcknowledgeItem, 0, lease.Number, [], reply =>
            _world.OnItemAcknowledged(session, lease.Item, lease.Get, reply));
    }

    private void ReturnLease()
    {
        var lease = _lease!.Value;
        _lease = null;
        Call(10, _world.Tasks, ObjectOperation.ReturnItem, 0, lease.Number, [], static _ => { });
    }

    /// <summary>Two programs send at one end of the pipe, and two receive at the other.</summary>
    private void UsePipe(int choice)
    {
        if (_number >= 2)
            SendPipeReceive(_number == 2 ? 300 * (choice % 4) : TimeoutOf(choice), static _ => { });
        else
            SendMessage(choice);
    }

    private void SendMessage(int choice)
    {
        var pipe = _world.Pipe;
        var message = new QueueHistoryItem(_session.Number, ++_lastItem);
        pipe.PossibleSenders.Add(_session.Number);
        pipe.Messages.RecordPut(message);
        Call(11, pipe.Object, ObjectOperation.PipeSend, TimeoutOf(choice), 0, [ObjectWorld.Encode(message)], reply =>
        {
            pipe.HasSender |= reply is not null;
            if (reply is { Status: ObjectStatus.Ok })
                pipe.Messages.RecordAcknowledgment(message);
            _world.OnPipeReply(pipe, reply);
        });
    }

    private void SendPipeReceive(long timeout, Action<ObjectReply?> onReply)
    {
        var (session, pipe) = (_session, _world.Pipe);
        var get = pipe.Messages.RecordGet();
        Call(11, pipe.Object, ObjectOperation.PipeReceive, timeout, 1, [], reply =>
        {
            if (reply is { Status: ObjectStatus.Ok })
                pipe.Messages.RecordDelivery(ObjectWorld.DecodeItem(reply.Payloads[0]), session.Number, get);
            _world.OnPipeReply(pipe, reply);
            onReply(reply);
        });
    }
}
