using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using MemoryPack;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// Runs a durable queue through a schedule of several processes, a network that loses messages, and a journal that loses its last commands
/// when the coordinator crashes. Every answer is checked: acknowledged items are stored, no item is delivered twice, and the items of each
/// producer keep their order.
/// </summary>
internal sealed partial class DurableQueueSchedule
{
    private const int Processes = 3;
    private static readonly ObjectId Id = ObjectId.FromDurableName("queue", 0);
    private static readonly DurableObjectSpec Spec = new("queue", ObjectKind.Queue, "ManagedQueue<int>");

    private readonly long _capacity;
    private readonly Process[] _processes = [.. Enumerable.Range(0, Processes).Select(index => new Process(index))];
    private readonly List<Process> _dead = [];
    private readonly List<ObjectCommand> _written = [];
    private readonly List<(ObjectCommand? Command, Action Afterwards)> _noted = [];
    private readonly Queue<DurableObjectProtocol.ICallerMessage> _toObject = new();
    private readonly Queue<DurableObjectProtocol.IObjectMessage> _fromObject = new();
    private readonly Dictionary<int, int> _producerOf = [];
    private readonly HashSet<int> _acknowledged = [];
    private readonly HashSet<int> _refused = [];
    private readonly HashSet<int> _received = [];
    private readonly HashSet<int> _excused = [];
    private readonly HashSet<int> _suspected = [];
    private ObjectSnapshot? _snapshot;
    private DurableObjectState _state = new();
    private TimeSpan _now = TimeSpan.FromSeconds(1);
    private int _lastItem;
    private long _lastCall;

    public DurableQueueSchedule(long capacity)
    {
        _capacity = capacity;
        Call(_processes[0], ObjectOperation.Open, -1, capacity, [MemoryPackSerializer.Serialize(Spec)]);
        DeliverAll();
    }

    /// <summary>The number of received items.</summary>
    public int Received => _received.Count;

    public void Step(int kind, int argument)
    {
        _now += TimeSpan.FromMilliseconds(argument % 300);
        var process = _processes[argument % Processes];
        var timeout = (argument / 4 % 3) switch { 0 => 0, 1 => -1, _ => argument % 2000 };
        switch (kind)
        {
            case 0 or 1: Put(process, 1 + argument % 3, timeout); break;
            case 2 or 3: Call(process, ObjectOperation.Get, timeout, 1 + argument % 3, []); break;
            case 4 or 5: Deliver(argument % 8); break;
            case 6: Write(); break;
            case 7: Lose(argument % 5); break;
            case 8: Abandon(process, argument); break;
            case 9: Tick(); break;
            case 10: Crash(); break;
            case 11: Die(argument % Processes); break;
            case 12: Snapshot(); break;
            case 13: Suspect(process); break;
            case 14: Drop(process); break;
            case 17: PutOnce(process, argument % 6, timeout); break;
            case 18 or 19: Call(process, ObjectOperation.ReceiveItem, timeout, 1, []); break;
            case 20: EndLease(process, argument, ObjectOperation.AcknowledgeItem); break;
            case 21: EndLease(process, argument, ObjectOperation.ReturnItem); break;
            default: ReceiptsOf(process, argument); break;
        }
    }

    /// <summary>Ends the faults. Open calls complete, and one consumer empties the queue.</summary>
    public void RunToTheEnd()
    {
        Crash();
        foreach (var process in _processes)
        {
            foreach (var getter in process.Open.Where(
                call => call.Value.Operation is ObjectOperation.Get or ObjectOperation.ReceiveItem).ToList())
            {
                Abandon(process, getter.Key);
            }

            ReceiptsOf(process);
            while (process.Leases.Count > 0)
                EndLease(process, 0, ObjectOperation.AcknowledgeItem);
        }

        // Unconfirmed items of dead processes return to their positions before any item is taken.
        DeliverAll();
        ReceiptsOf(_processes[0]);
        _processes[0].LastItems.Clear();
        var last = new Dictionary<int, int>();
        for (var round = 0; round < 400; round++)
        {
            DeliverAll();
            if (_processes.All(process => process.Open.Count == 0) && _state.ToSnapshot().Queue is { Items: [], Delivered: [], Leases: [] })
                break;
            Assert.True(round < 399, $"The queue never gets empty: {Describe()}");
            var call = Call(_processes[0], ObjectOperation.Get, 0, 1, []);
            DeliverAll();
            foreach (var item in _processes[0].LastItems)
            {
                var producer = _producerOf[item];
                Assert.True(last.GetValueOrDefault(producer) < item || _suspected.Contains(producer),
                    "The items of a producer have changed their order.");
                last[producer] = item;
            }

            _processes[0].LastItems.Clear();
            ReceiptsOf(_processes[0]);
        }

        Assert.Subset(_received.Union(_acknowledging).ToHashSet(), _acknowledged);
        Assert.Empty(_received.Intersect(_refused));
    }

    private void Put(Process process, int count, long timeout)
    {
        var items = Enumerable.Range(0, count).Select(_ => ++_lastItem).ToArray();
        foreach (var item in items)
            _producerOf[item] = process.Index;
        var call = Call(process, ObjectOperation.Put, timeout, 0,
            [.. items.Select(item => (ReadOnlyMemory<byte>)BitConverter.GetBytes(item))]);
        process.Items[call] = items;
    }

    private long Call(Process process, ObjectOperation operation, long timeout, long number, ReadOnlyMemory<byte>[] payloads)
    {
        var call = new ObjectCall(Id, ++_lastCall, operation, timeout, number, [.. payloads]);
        process.Open.Add(call.Call, call);
        process.Caller.SendCall(call, TimeSpan.FromDays(1), _now);
        Send(process);
        return call.Call;
    }

    private void Abandon(Process process, int argument)
    {
        if (process.Open.Count == 0)
            return;
        var (number, call) = process.Open.ElementAt(argument % process.Open.Count);
        // A client waits for the end of a lease once, and never abandons it.
        if (call.Operation is not (ObjectOperation.AcknowledgeItem or ObjectOperation.ReturnItem))
            Abandon(process, number);
    }

    private void Abandon(Process process, long call)
    {
        process.Open.Remove(call);
        process.Caller.AbandonCall(Id, call);
        Send(process);
    }

    private void ReceiptsOf(Process process, int most = int.MaxValue)
    {
        foreach (var (call, items) in process.Held.Take(most).ToList())
        {
            process.Held.Remove(call);
            process.Caller.ConfirmReceipt(Id, call);
            foreach (var item in items)
                Assert.True(_received.Add(item) || _excused.Contains(item), $"Item {item} was received twice.");
        }

        Send(process);
    }

    private void Die(int index)
    {
        var process = _processes[index];
        process.Caller.LeaveObjects();
        Send(process);
        _dead.Add(process);
        _processes[index] = new Process(index + (Processes * _dead.Count));
    }

    /// <summary>The process drops its last proxy. It may get another one.</summary>
    private void Drop(Process process)
    {
        if (process.Open.Count > 0 || process.Held.Count > 0 || process.Leases.Count > 0)
            return;
        process.Caller.SendCall(new ObjectCall(Id, 0, ObjectOperation.Drop, 0, 0, []), TimeSpan.Zero, _now);
        Send(process);
    }

    /// <summary>The object takes a living process for dead. Its unconfirmed items may be delivered again.</summary>
    private void Suspect(Process process)
    {
        _suspected.Add(process.Index);
        var snapshot = _state.ToSnapshot();
        var number = snapshot.Callers.FirstOrDefault(caller => caller.Id == process.Caller.Id)?.Number;
        _excused.UnionWith(snapshot.Queue.Delivered.Where(given => given.Caller == number).SelectMany(given => given.Items)
            .Select(item => BitConverter.ToInt32(item.Payload.Span)));
        Tell(ObjectCommand.WithoutCall(ObjectCommandKind.Died, process.Caller.Id, 0, Milliseconds));
    }

    private void Crash()
    {
        _noted.Clear();
        _toObject.Clear();
        _fromObject.Clear();
        _state = _snapshot is null ? new DurableObjectState() : DurableObjectState.FromSnapshot(Copy(_snapshot));
        foreach (var command in _written)
            _state.ApplyCommand(command, []);
    }

    /// <summary>Takes a snapshot of the current state, which may not be written yet. It becomes valid when all of it is written.</summary>
    private void Snapshot()
    {
        var snapshot = Copy(_state.ToSnapshot());
        WhenWritten(() =>
        {
            _snapshot = snapshot;
            _written.Clear();
        });
    }

    private void Lose(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % 2 == 0 && _toObject.Count > 0)
                _toObject.Dequeue();
            else if (_fromObject.Count > 0)
                _fromObject.Dequeue();
        }
    }

    private void Tick()
    {
        Tell(ObjectCommand.WithoutCall(ObjectCommandKind.Tick, default, 0, Milliseconds));
        foreach (var process in _processes.Concat(_dead))
        {
            process.Caller.OnInterval(_now);
            Send(process);
        }
    }

    private void DeliverAll()
    {
        for (var i = 0; i < 5; i++)
        {
            _now += DurableCalls.Interval;
            Tick();
            Deliver(int.MaxValue);
            Write();
            Deliver(int.MaxValue);
            Write();
        }
    }

    private void Deliver(int most)
    {
        for (; most > 0 && _toObject.TryDequeue(out var message); most--)
            Arrive(message);
        for (; most > 0 && _fromObject.TryDequeue(out var message); most--)
            Arrive(message);
    }

    private long Milliseconds => (long)_now.TotalMilliseconds;

    private void Arrive(DurableObjectProtocol.ICallerMessage message)
    {
        switch (message)
        {
            case DurableObjectProtocol.CallDurableObject ask when _state.IsNext(ask):
                Tell(
                DurableCommands.FromCall(ask, Milliseconds)); break;
            case DurableObjectProtocol.DurableReplyReceived received:
                Tell(
                ObjectCommand.WithoutCall(ObjectCommandKind.Received, received.Caller, received.Call, Milliseconds)); break;
            case DurableObjectProtocol.DurableCallAbandoned abandoned:
                Tell(
                ObjectCommand.WithoutCall(ObjectCommandKind.Abandoned, abandoned.Caller, abandoned.Call, Milliseconds)); break;
            case DurableObjectProtocol.CallerHeartbeat here: Compare(here); break;
        }
    }

    private void Compare(DurableObjectProtocol.CallerHeartbeat here)
    {
        foreach (var command in _state.GetCommands(here, Milliseconds))
            Tell(command);
        foreach (var answer in _state.GetAnswers(here))
            WhenWritten(() => _fromObject.Enqueue(new DurableObjectProtocol.DurableObjectReply(Id, here.Caller, answer)));
        var unknown = _state.GetUnknown(here);
        WhenWritten(() => _fromObject.Enqueue(new DurableObjectProtocol.CallerHeartbeatReply(Id, here.Caller, here.Number, unknown)));
    }

    private void Tell(ObjectCommand command)
    {
        var answers = new List<DurableAnswer>();
        var isChange = _state.ApplyCommand(Copy(command), answers);
        WhenWritten(isChange ? command : null, () =>
            answers.ForEach(answer => _fromObject.Enqueue(new DurableObjectProtocol.DurableObjectReply(Id, answer.Caller, answer.Reply))));
    }

    private void WhenWritten(Action action) => WhenWritten(null, action);

    private void WhenWritten(ObjectCommand? command, Action action) => _noted.Add((command, action));

    private void Write()
    {
        foreach (var (command, afterwards) in _noted)
        {
            if (command is not null)
                _written.Add(Copy(command));
            afterwards();
        }

        _noted.Clear();
    }

    private void Arrive(DurableObjectProtocol.IObjectMessage message)
    {
        if (_processes.Concat(_dead).FirstOrDefault(process => process.Caller.Id == message.Caller) is not { } process)
            return;
        process.Caller.OnMessage(message, false, _now);
        Send(process);
        foreach (var reply in process.Caller.TakeReplies())
            Take(process, reply);
    }

    private void Take(Process process, ObjectReply reply)
    {
        // The process is dead or has abandoned the call.
        if (!process.Open.Remove(reply.Call, out var call) || _dead.Contains(process))
            return;
        if (call.Operation == ObjectOperation.Get && reply.Status == ObjectStatus.Ok)
        {
            process.Held[reply.Call] = [.. reply.Payloads.Select(payload => BitConverter.ToInt32(payload.Span))];
            process.LastItems.AddRange(process.Held[reply.Call]);
        }
        else if (call.Operation is ObjectOperation.PutOnce or ObjectOperation.ReceiveItem or ObjectOperation.AcknowledgeItem)
        {
            CheckReceiving(process, call, reply);
        }
        else if (call.Operation == ObjectOperation.Put)
        {
            Assert.True(reply.Status is ObjectStatus.Ok or ObjectStatus.Full or ObjectStatus.Unreachable, $"{reply.Status}");
            Assert.True(reply.Status != ObjectStatus.Unreachable || _capacity > 0);
            _acknowledged.UnionWith(process.Items[reply.Call].Take((int)reply.Number));
            _refused.UnionWith(process.Items[reply.Call].Skip((int)reply.Number));
        }
    }

    private void Send(Process process)
    {
        foreach (var message in process.Caller.TakeMessages())
            _toObject.Enqueue(message);
    }

    private string Describe() => string.Join("; ", _processes.Select(process =>
    {
        var calls = process.Open.Values.Select(call => $"{call.Call} {call.Operation} {call.TimeoutMilliseconds}");
        return $"{process.Caller.Id}: {string.Join(", ", calls)}";
    }))
        + " " + System.Text.Json.JsonSerializer.Serialize(_state.ToSnapshot());

    private static T Copy<T>(T value) => MemoryPackSerializer.Deserialize<T>(MemoryPackSerializer.Serialize(value))!;

    private sealed class Process(int index)
    {
        public int Index => index;

        public DurableCaller Caller { get; } = new(CallerId.New());

        public Dictionary<long, ObjectCall> Open { get; } = [];

        public Dictionary<long, int[]> Items { get; } = [];

        /// <summary>The received items whose receipt the object does not know.</summary>
        public Dictionary<long, int[]> Held { get; } = [];

        public List<int> LastItems { get; } = [];

        /// <summary>The received items that are not acknowledged, by lease.</summary>
        public Dictionary<long, int> Leases { get; } = [];

        /// <summary>The items of calls that end leases.</summary>
        public Dictionary<long, int> Ending { get; } = [];
    }
}
