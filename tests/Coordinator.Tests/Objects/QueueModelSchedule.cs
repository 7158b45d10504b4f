using System.Buffers.Binary;
using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// Runs a <see cref="QueueState"/> and a list of items through the same calls, of which none waits, and compares each answer. Now and then
/// the state is replaced by the copy that its snapshot restores.
/// </summary>
internal sealed class QueueModelSchedule
{
    private const int Callers = 3;
    private const int Keys = 6;

    private readonly ObjectId _id = ObjectId.New();
    private readonly ObjectKind _kind;
    private readonly int _capacity;
    private readonly List<ObjectAnswer> _answers = [];
    private readonly List<ModelItem> _items = [];
    private readonly Dictionary<(Caller Caller, long Call), List<ModelItem>> _delivered = [];
    private readonly Dictionary<long, ModelLease> _leases = [];
    private readonly Dictionary<int, int> _keys = [];
    private readonly Dictionary<Caller, int> _taken = [];
    private QueueState _state;
    private int _unfinished;
    private int _lastItem;
    private long _lastCall;
    private long _lastLease;
    private int _removed;

    public QueueModelSchedule(ObjectKind kind, int capacity)
    {
        (_kind, _capacity) = (kind, capacity);
        _state = CreateState();
    }

    public void Step(int kind, int argument)
    {
        switch (kind)
        {
            case 0 or 1: Put(argument); break;
            case 2: Get(argument); break;
            case 3: Confirm(argument); break;
            case 4: Abandon(argument); break;
            case 5: Receive(argument); break;
            case 6: EndLease(argument, ObjectOperation.AcknowledgeItem); break;
            case 7: EndLease(argument, ObjectOperation.ReturnItem); break;
            case 8: PutOnce(argument); break;
            case 9: MarkDone(argument); break;
            case 10: Call(argument, ObjectOperation.JoinItems, 0, [], _unfinished == 0 ? ObjectStatus.Ok : ObjectStatus.TimedOut, 0); break;
            case 11: Call(argument, ObjectOperation.Count, 0, [], ObjectStatus.Ok, _items.Count); break;
            case 12: Remove(argument); break;
            default: Restore(); break;
        }

        var kept = _items.Concat(_delivered.Values.SelectMany(items => items)).Concat(_leases.Values.Select(lease => lease.Item));
        Assert.Equal(kept.Sum(item => ObjectSizes.MeasureValue(item.Payload)) + (_keys.Count * 128), _state.Size);
        Assert.Equal(_items.Count, _state.Count);
    }

    private bool HasRoom => _capacity == 0 || _items.Count < _capacity;

    private QueueState CreateState() => new(_capacity, _kind switch
    {
        ObjectKind.PriorityQueue => new PriorityOrder(),
        _ => new InsertionOrder(newestFirst: _kind == ObjectKind.LifoQueue),
    });

    private static Caller CallerOf(int argument) => new(1 + (argument % Callers));

    private ModelItem CreateItem(int argument) => new(++_lastItem, argument % 5, Returns: 0);

    /// <summary>Takes the item that the kind of the queue delivers next.</summary>
    private ModelItem TakeNext()
    {
        var next = _kind switch
        {
            ObjectKind.LifoQueue => _items.MaxBy(item => item.Number),
            ObjectKind.PriorityQueue => _items.MinBy(item => (item.Priority, item.Number)),
            _ => _items.MinBy(item => item.Number),
        };
        _items.Remove(next!);
        return next!;
    }

    private void Put(int argument)
    {
        var offered = Enumerable.Range(0, argument % 4).Select(_ => CreateItem(argument++)).ToList();
        var stored = offered.TakeWhile(item => HasRoom && Add(item)).Count();
        // Items that were not stored get no position.
        _lastItem -= offered.Count - stored;
        Call(
            argument, ObjectOperation.Put, 0, [.. offered.Select(item => item.Payload)],
            stored == offered.Count ? ObjectStatus.Ok : ObjectStatus.Full, stored);
    }

    private bool Add(ModelItem item)
    {
        _items.Add(item);
        _unfinished++;
        return true;
    }

    private void PutOnce(int argument)
    {
        var (key, value) = (argument % Keys, argument / Keys % 2);
        ReadOnlyMemory<byte> item = new ModelItem(1_000_000 + value, key, Returns: 0).Payload;
        var (status, stored) = _keys.TryGetValue(key, out var known)
            ? (known == value ? ObjectStatus.Ok : ObjectStatus.Conflict, 0)
            : (HasRoom ? ObjectStatus.Ok : ObjectStatus.Full, HasRoom ? 1 : 0);
        if (stored == 1)
        {
            _keys[key] = value;
            Add(new ModelItem(++_lastItem, key, Returns: 0) { Payload = item });
        }

        Call(argument, ObjectOperation.PutOnce, 0, [new[] { (byte)key }, item], status, stored);
    }

    private void Get(int argument)
    {
        var taken = new List<ModelItem>();
        for (var i = 0; i <= argument % 4 && _items.Count > 0; i++)
            taken.Add(TakeNext());
        var reply = Call(
            argument, ObjectOperation.Get, 1 + (argument % 4), [], taken.Count == 0 ? ObjectStatus.Empty : ObjectStatus.Ok, taken.Count);
        Assert.Equal(taken.Select(item => item.Text), reply.Payloads.Select(payload => Convert.ToHexString(payload.Span)));
        if (taken.Count > 0)
            _delivered[(CallerOf(argument), _lastCall)] = taken;
    }

    private void Receive(int argument)
    {
        if (_items.Count == 0)
        {
            Call(argument, ObjectOperation.ReceiveItem, 0, [], ObjectStatus.Empty, 0);
            return;
        }

        var item = TakeNext();
        var reply = Call(argument, ObjectOperation.ReceiveItem, 0, [], ObjectStatus.Ok, ++_lastLease);
        Assert.Equal(item.Text, Convert.ToHexString(reply.Payloads[0].Span));
        Assert.Equal(item.Returns + 1, BinaryPrimitives.ReadInt32LittleEndian(reply.Payloads[1].Span));
        _leases[_lastLease] = new ModelLease(CallerOf(argument), _lastCall, item);
    }

    private void Confirm(int argument)
    {
        if (FindUnconfirmed(argument) is not var (caller, call))
            return;
        _state.ConfirmReceipt(caller, call);
        if (_delivered.Remove((caller, call), out var items))
            _taken[caller] = _taken.GetValueOrDefault(caller) + items.Count;
        else
            ReplaceLease(call, static lease => lease with { Call = null });
    }

    private void Abandon(int argument)
    {
        if (FindUnconfirmed(argument) is not var (caller, call))
            return;
        _state.AbandonCall(caller, call, TimeSpan.Zero, _answers);
        Assert.Empty(_answers);
        if (_delivered.Remove((caller, call), out var items))
            _items.AddRange(items);
        else
            ReplaceLease(call, _ => null);
    }

    /// <summary>Ends a lease, or tries that for another process.</summary>
    private void EndLease(int argument, ObjectOperation operation)
    {
        var number = _leases.Count == 0 ? 99 : _leases.Keys.ElementAt(argument % _leases.Count);
        var isHeld = _leases.TryGetValue(number, out var lease) && lease.Caller == CallerOf(argument);
        Call(argument, operation, number, [], isHeld ? ObjectStatus.Ok : ObjectStatus.NotHeld, 0);
        if (!isHeld)
            return;
        _leases.Remove(number);
        if (operation == ObjectOperation.ReturnItem)
            _items.Add(lease!.Item.Return());
        else
            _unfinished = Math.Max(0, _unfinished - 1);
    }

    private void MarkDone(int argument)
    {
        var (caller, count) = (CallerOf(argument), argument / 4 % 4);
        var isPossible = count <= _unfinished;
        Call(argument, ObjectOperation.TaskDone, count, [], isPossible ? ObjectStatus.Ok : ObjectStatus.OutOfBounds, 0);
        if (!isPossible)
            return;
        _unfinished -= count;
        if (_taken.TryGetValue(caller, out var taken))
            _taken[caller] = Math.Max(0, taken - count);
    }

    /// <summary>A process dies: its items return, except those that it has received for good.</summary>
    private void Remove(int argument)
    {
        if (argument % 4 != 0 || _removed++ > 5)
            return;
        var caller = CallerOf(argument);
        _state.RemoveCaller(caller, TimeSpan.Zero, _answers);
        Assert.Empty(_answers);
        foreach (var key in _delivered.Keys.Where(key => key.Caller == caller).ToList())
        {
            _items.AddRange(_delivered[key]);
            _delivered.Remove(key);
        }

        foreach (var (number, lease) in _leases.Where(lease => lease.Value.Caller == caller).ToList())
        {
            _items.Add(lease.Item.Return());
            _leases.Remove(number);
        }

        if (_taken.Remove(caller, out var taken))
            _unfinished = Math.Max(0, _unfinished - taken);
    }

    private void Restore()
    {
        var snapshot = _state.ToSnapshot();
        _state = CreateState();
        _state.RestoreSnapshot(snapshot);
    }

    private ObjectReply Call(
        int argument, ObjectOperation operation, long number, ReadOnlyMemory<byte>[] payloads, ObjectStatus status, long result)
    {
        _answers.Clear();
        var call = new ObjectCall(_id, ++_lastCall, operation, TimeoutMilliseconds: 0, number, [.. payloads]);
        _state.HandleCall(CallerOf(argument), call, TimeSpan.Zero, _answers);
        var (caller, reply) = Assert.Single(_answers);
        _answers.Clear();
        Assert.Equal((CallerOf(argument), _lastCall, status, result), (caller, reply.Call, reply.Status, reply.Number));
        return reply;
    }

    private (Caller Caller, long Call)? FindUnconfirmed(int argument)
    {
        var open = _delivered.Keys.Concat(
            _leases.Values.Where(lease => lease.Call is not null).Select(lease => (lease.Caller, lease.Call!.Value))).ToList();
        return open.Count == 0 ? null : open[argument % open.Count];
    }

    /// <summary>Changes the lease that a call has delivered, or returns its item.</summary>
    private void ReplaceLease(long call, Func<ModelLease, ModelLease?> replace)
    {
        var (number, lease) = _leases.Single(lease => lease.Value.Call == call);
        if (replace(lease) is { } changed)
        {
            _leases[number] = changed;
            return;
        }

        _leases.Remove(number);
        _items.Add(lease.Item.Return());
    }

    private sealed record ModelLease(Caller Caller, long? Call, ModelItem Item);

    /// <summary>An item. Its payload has a priority, which other queues ignore.</summary>
    private sealed record ModelItem(int Number, int Priority, int Returns)
    {
        public ReadOnlyMemory<byte> Payload { get; init; } =
            new byte[] { 1, 0, 0, 0, (byte)Priority, (byte)Number, (byte)(Number >> 8), (byte)(Number >> 16) };

        public string Text => Convert.ToHexString(Payload.Span);

        public ModelItem Return() => this with { Returns = Returns + 1 };
    }
}
