using System.Collections.Immutable;
using Actors.Checkers;
using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Simulation.Tests.Kernel;
using Actors.Simulation.Tests.Objects;

namespace Actors.Simulation.Tests.Queues;

/// <summary>A program that uses the durable queue through the real <see cref="DurableCaller"/>.</summary>
internal sealed class QueueProgram : SimulatedPart
{
    private const int MaxOpen = 6;

    /// <summary>The time in which a call is answered at an object that can be reached.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    private readonly QueueWorld _world;
    private readonly DurableCaller _caller;
    private readonly SortedDictionary<long, OpenCall> _open = [];
    private readonly List<QueueLease> _leases = [];
    private long _lastCall;
    private long _lastItem;

    public QueueProgram(QueueWorld world, SimulatedHost host)
        : base(world, host)
    {
        (_world, Consumer) = (world, world.NextConsumer());
        _caller = new DurableCaller(new CallerId(world.NextGuid()));
        SendCall(new DurableOpen(QueueWorld.Spec, world.Capacity), -1, _ => { });
        Compare();
    }

    public CallerId Id => _caller.Id;

    /// <summary>The number of this program as a consumer. It changes when the queue takes the program for dead.</summary>
    public long Consumer { get; private set; }

    /// <summary>Whether the program waits for nothing and holds nothing.</summary>
    public bool IsIdle => _open.Count == 0 && _leases.Count == 0;

    /// <summary>Whether the queue has confirmed that the program has left.</summary>
    public bool HasLeft => _caller is { HasLeft: true, IsFinished: true };

    public void RenewConsumer() => Consumer = _world.NextConsumer();

    public void CallQueue(int argument)
    {
        if (_open.Count >= MaxOpen || _caller.HasLeft)
            return;
        var (kind, choice) = (argument % 12, argument / 12);
        var timeout = (choice % 3) switch { 0 => -1L, 1 => 0, _ => 300 };
        switch (kind)
        {
            case 0 or 1 or 2: PutItems(1 + choice / 3 % 3, timeout); break;
            case 3 or 4: GetItems(1 + choice / 3 % 3, timeout); break;
            case 5 when _world.HasKeys: PutOnce(choice / 3 % 4, choice / 12 % 8 == 0 ? 1 : 0, timeout); break;
            case 6 or 7: ReceiveItem(timeout); break;
            case 8 or 9 when _leases.Count > 0: AcknowledgeLease(choice % _leases.Count); break;
            case 10 when _leases.Count > 0 && !_world.KeepsOrder: ReturnLease(choice % _leases.Count); break;
            case 11 when IsIdle && choice % 4 == 0: DropProxy(); break;
            default: SendCall(new QueueCount(), -1, reply => _world.CheckCount(reply)); break;
        }
    }

    /// <summary>Takes an item, unless a call waits for one.</summary>
    public void DrainQueue()
    {
        if (!_open.Values.Any(call => call.IsGet))
            GetItems(3, 0);
    }

    /// <summary>Abandons one of the calls. A client never abandons the end of a lease, nor the opening of the queue.</summary>
    public void AbandonCall(int argument)
    {
        var calls = _open.Where(call => call.Value.MayBeAbandoned).Select(call => call.Key).ToList();
        if (calls.Count > 0)
            AbandonCall(calls[argument % calls.Count]);
    }

    /// <summary>Ends the waits that nobody may end, and acknowledges the received items.</summary>
    public void FinishCalls()
    {
        foreach (var call in _open.Where(call => call.Value.IsGet).Select(call => call.Key).ToList())
            AbandonCall(call);
        while (_leases.Count > 0)
            AcknowledgeLease(0);
    }

    /// <summary>Leaves the queue in an orderly way.</summary>
    public void LeaveQueue()
    {
        _caller.LeaveObjects();
        EndCalls();
        SendMessages();
    }

    /// <summary>The results of all calls stay unknown.</summary>
    public void EndCalls()
    {
        foreach (var call in _open.Values.ToList())
            call.OnEnd(null);
        _open.Clear();
        _leases.Clear();
    }

    public override void Receive(object message, SimulatedPart sender)
    {
        if (message is not DurableObjectProtocol.IObjectMessage answer)
            return;
        _caller.OnMessage(answer, isOnlyStore: false, Now);
        SendMessages();
        EndCalls(_caller.TakeReplies());
    }

    public override void OnDisconnected(SimulatedHost host, TimeSpan brokenAt)
    {
        _caller.ResendAll(Now);
        SendMessages();
    }

    private void PutItems(int count, long timeout)
    {
        var items = Enumerable.Range(0, count).Select(_ => new QueueHistoryItem(Number, ++_lastItem)).ToArray();
        foreach (var item in items)
            _world.Items.RecordPut(item);
        SendCall(
            new QueuePut([.. items.Select(ObjectWorld.Encode)]), timeout, reply => _world.OnPut(items, reply), mayBeAbandoned: true);
    }

    private void PutOnce(int key, int variant, long timeout)
    {
        var item = _world.FindKeyedItem(key, variant);
        SendCall(
            new QueuePutOnce(ObjectWorld.Encode(key), ObjectWorld.Encode(item)), timeout,
            reply => _world.OnPutOnce(item, key, reply), mayBeAbandoned: true);
    }

    private void GetItems(int count, long timeout)
    {
        var (consumer, get) = (Consumer, _world.Items.RecordGet());
        SendCall(new QueueGet(count), timeout, reply => _world.OnGet(consumer, get, count, reply), isGet: true);
    }

    private void ReceiveItem(long timeout)
    {
        var (consumer, get) = (Consumer, _world.Items.RecordGet());
        SendCall(
            new QueueReceive(), timeout, reply =>
            {
                if (_world.OnReceive(consumer, get, reply) is { } lease)
                    _leases.Add(lease);
            },
            isGet: true);
    }

    private void AcknowledgeLease(int index)
    {
        var lease = TakeLease(index);
        SendCall(new QueueAcknowledge(lease.Number), -1, reply => _world.OnAcknowledged(lease, reply));
    }

    private void ReturnLease(int index)
    {
        var lease = TakeLease(index);
        SendCall(new QueueReturn(lease.Number), -1, reply => _world.OnReturned(lease, reply));
    }

    private QueueLease TakeLease(int index)
    {
        var lease = _leases[index];
        _leases.RemoveAt(index);
        return lease;
    }

    /// <summary>The program drops its last proxy. It may get another one.</summary>
    private void DropProxy()
    {
        _caller.SendCall(new ObjectCall(QueueWorld.Id, 0, ObjectOperation.Drop, 0, 0, []), TimeSpan.Zero, Now);
        SendMessages();
    }

    private void SendCall<TRequest>(
        TRequest request, long timeout, Action<ObjectReply?> onEnd, bool isGet = false, bool mayBeAbandoned = false)
        where TRequest : struct, IObjectRequest<TRequest>
    {
        var content = TRequest.ToContent(request);
        var call = new ObjectCall(QueueWorld.Id, ++_lastCall, TRequest.Operation, timeout, content.Number, content.Payloads);
        _open.Add(call.Call, new OpenCall(call.Operation, Now, timeout, isGet, mayBeAbandoned || isGet, onEnd));
        _caller.SendCall(call, Patience, Now);
        SendMessages();
    }

    private void AbandonCall(long number)
    {
        _open.Remove(number, out var call);
        _caller.AbandonCall(QueueWorld.Id, number);
        SendMessages();
        call!.OnEnd(null);
    }

    /// <summary>The caller's interval: open calls are compared with the queue, and calls out of patience fail.</summary>
    private void Compare()
    {
        _caller.OnInterval(Now);
        SendMessages();
        EndCalls(_caller.TakeReplies());
        if (!HasLeft)
            RunAfter(DurableCalls.Interval, Compare);
    }

    private void EndCalls(List<ObjectReply> replies)
    {
        foreach (var reply in replies)
        {
            if (!_open.Remove(reply.Call, out var call))
                continue;
            if (call.Operation.HandsOver(reply))
                _caller.ConfirmReceipt(QueueWorld.Id, reply.Call);
            SendMessages();
            _world.CheckTimeout(call, reply, Now);
            call.OnEnd(reply);
        }
    }

    private void SendMessages()
    {
        foreach (var message in _caller.TakeMessages())
            Send(_world.Owner, message);
    }
}

/// <summary>A call of a program on the durable queue.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Since">When it was sent.</param>
/// <param name="Timeout">The timeout in milliseconds; -1 for none.</param>
/// <param name="IsGet">Whether it waits for items.</param>
/// <param name="MayBeAbandoned">Whether a client may abandon it.</param>
/// <param name="OnEnd">Receives the reply; null if the result is unknown.</param>
internal sealed record OpenCall(
    ObjectOperation Operation, TimeSpan Since, long Timeout, bool IsGet, bool MayBeAbandoned, Action<ObjectReply?> OnEnd);

/// <summary>A received item that is not acknowledged.</summary>
/// <param name="Number">The number of the lease.</param>
/// <param name="Item">The item.</param>
/// <param name="Consumer">The consumer that has received it.</param>
/// <param name="Get">The number of the call in the history.</param>
internal sealed record QueueLease(long Number, QueueHistoryItem Item, long Consumer, long Get);
