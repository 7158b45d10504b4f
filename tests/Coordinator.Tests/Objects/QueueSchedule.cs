using System.Collections.Immutable;
using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// Runs a <see cref="QueueState"/> through a schedule of several processes and checks every answer. Each item is in one place, each call is
/// answered once and in order, and no call waits that could complete.
/// </summary>
internal sealed class QueueSchedule
{
    private const int Processes = 4;

    private readonly ObjectId _id = ObjectId.New();
    private readonly List<ObjectAnswer> _answers = [];
    private readonly List<OpenCall> _open = [];
    private readonly Dictionary<(Caller, long), int[]> _unacknowledged = [];
    private readonly Dictionary<int, Place> _places = [];
    private readonly HashSet<int> _returned = [];
    private readonly Dictionary<int, int> _producerOf = [];
    private readonly List<OpenCall> _cutShort = [];
    private readonly Caller[] _callers = [.. Enumerable.Range(1, Processes).Select(number => new Caller(number))];
    private readonly QueueState _state;
    private readonly long _capacity;
    private TimeSpan _now = TimeSpan.FromSeconds(1);
    private long _lastCall;
    private int _lastCaller = Processes;
    private int _lastItem;
    private int _count;
    private int _cameBack;

    public QueueSchedule(long capacity)
    {
        _capacity = capacity;
        _state = new QueueState(capacity, new InsertionOrder(newestFirst: false));
    }

    /// <summary>The place of an item. A refused item was never stored.</summary>
    private enum Place
    {
        Offered,
        Given,
        Acknowledged,
        Refused,
    }

    public void Step(int kind, int argument)
    {
        _now += TimeSpan.FromMilliseconds(argument % 7);
        var caller = _callers[argument % Processes];
        var timeout = (argument / 4 % 3) switch { 0 => 0, 1 => -1, _ => argument % 23 };
        switch (kind)
        {
            case 0 or 1: Put(caller, count: 1 + argument % 3, timeout); break;
            case 2 or 3: Get(caller, most: 1 + argument % 4, timeout); break;
            case 4 or 5: Acknowledge(argument); break;
            case 6: Abandon(argument); break;
            case 7: Die(argument % Processes); break;
            case 8: Put(caller, count: argument % 5, timeout); break;
            default: Tick(); break;
        }

        CheckRest();
    }

    /// <summary>Ends the faults. Every waiting call is served, and one consumer empties the queue.</summary>
    public void RunToTheEnd()
    {
        foreach (var key in _unacknowledged.Keys.ToList())
            Acknowledge(key);
        foreach (var getter in _open.Where(call => !call.IsPut).ToList())
            Abandon(getter);
        for (var round = 0; _open.Count > 0 || _state.Count > 0; round++)
        {
            Assert.True(round < 10_000, "The queue never gets empty.");
            Get(_callers[0], 3, 0);
            Acknowledge(_unacknowledged.Keys.Single());
            CheckRest();
        }

        foreach (var put in _cutShort)
            CheckPrefix(put);
        Assert.All(_places.Where(item => !_cutShort.Any(put => put.Items.Contains(item.Key))), item =>
            Assert.True(item.Value is Place.Acknowledged or Place.Refused, $"Item {item.Key} is lost: {item.Value}."));
    }

    /// <summary>Removes the queue, which answers every waiting call.</summary>
    public void End()
    {
        _state.EndAllCalls(_answers);
        foreach (var answer in _answers)
        {
            Assert.Equal(ObjectStatus.NoSuchObject, answer.Reply.Status);
            TakeOpen(answer);
        }

        Assert.Empty(_open);
    }

    private void Put(Caller caller, int count, int timeout)
    {
        var items = Enumerable.Range(0, count).Select(_ => ++_lastItem).ToArray();
        foreach (var item in items)
        {
            _places[item] = Place.Offered;
            _producerOf[item] = caller.Number;
        }

        Call(caller, ObjectOperation.Put, timeout, 0, items);
    }

    private void Get(Caller caller, int most, int timeout) => Call(caller, ObjectOperation.Get, timeout, most, []);

    private void Call(Caller caller, ObjectOperation operation, int timeout, int number, int[] items)
    {
        var call = new ObjectCall(_id, ++_lastCall, operation, timeout, number, [.. items.Select(Encode)]);
        _open.Add(new OpenCall(caller, call, items, timeout < 0 ? TimeSpan.MaxValue : _now + TimeSpan.FromMilliseconds(timeout)));
        _state.HandleCall(caller, call, _now, _answers);
        Check();
        Assert.True(timeout != 0 || _open.All(open => open.Call.Call != call.Call), "A call that was not to wait waits.");
    }

    private void Acknowledge(int argument)
    {
        if (_unacknowledged.Count > 0)
            Acknowledge(_unacknowledged.Keys.ElementAt(argument % _unacknowledged.Count));
    }

    private void Acknowledge((Caller Caller, long Call) key)
    {
        if (!_unacknowledged.Remove(key, out var items))
            return;
        foreach (var item in items)
            _places[item] = Place.Acknowledged;
        _state.ConfirmReceipt(key.Caller, key.Call);
        // Received items cannot be returned.
        _state.AbandonCall(key.Caller, key.Call, _now, _answers);
        Check();
    }

    private void Abandon(int argument)
    {
        if (argument % 2 == 0 && _open.Count > 0)
            Abandon(_open[argument % _open.Count]);
        else if (_unacknowledged.Count > 0)
            HandBack(_unacknowledged.Keys.ElementAt(argument % _unacknowledged.Count));
    }

    private void Abandon(OpenCall call)
    {
        CutShort(call);
        _state.AbandonCall(call.Caller, call.Call.Call, _now, _answers);
        Check();
    }

    private void HandBack((Caller Caller, long Call) key)
    {
        ComeBack(key);
        _state.AbandonCall(key.Caller, key.Call, _now, _answers);
        Check();
        // Too late: the item does not belong to this call any more.
        _state.ConfirmReceipt(key.Caller, key.Call);
    }

    private void Die(int process)
    {
        var dead = _callers[process];
        foreach (var call in _open.Where(call => call.Caller == dead).ToList())
            CutShort(call);
        foreach (var key in _unacknowledged.Keys.Where(key => key.Item1 == dead).ToList())
            ComeBack(key);
        _state.RemoveCaller(dead, _now, _answers);
        _callers[process] = new Caller(++_lastCaller);
        Check();
    }

    private void Tick()
    {
        _state.ExpireCalls(_now, _answers);
        Check();
        Assert.All(_open, call => Assert.True(call.Deadline > _now, "A call waits longer than its timeout."));
    }

    private void CutShort(OpenCall call)
    {
        _open.Remove(call);
        if (call.IsPut)
            _cutShort.Add(call);
    }

    private void ComeBack((Caller, long) key)
    {
        _unacknowledged.Remove(key, out var items);
        foreach (var item in items!)
        {
            _places[item] = Place.Offered;
            _returned.Add(item);
            _cameBack++;
        }
    }

    private void Check()
    {
        foreach (var answer in _answers)
            Check(answer);
        _answers.Clear();
    }

    private void Check(ObjectAnswer answer)
    {
        var oldest = _open.FirstOrDefault(call => call.Caller == answer.Caller && call.Call.Call == answer.Reply.Call) is { } asked
            ? _open.First(call => call.IsPut == asked.IsPut)
            : null;
        var call = TakeOpen(answer);
        switch (answer.Reply.Status)
        {
            case ObjectStatus.Ok:
                // An empty put is answered out of turn.
                Assert.True(oldest == call || call is { IsPut: true, Items: [] }, "A call was served before an older one.");
                CheckOk(call, answer.Reply);
                break;
            case ObjectStatus.Full:
                Assert.True(call.IsPut && call.Deadline <= _now && answer.Reply.Number < call.Items.Length);
                foreach (var item in call.Items.Skip((int)answer.Reply.Number))
                    Refuse(item);
                break;
            default:
                Assert.Equal(ObjectStatus.Empty, answer.Reply.Status);
                Assert.True(!call.IsPut && call.Deadline <= _now && answer.Reply.Payloads.IsEmpty);
                break;
        }
    }

    private void CheckOk(OpenCall call, ObjectReply reply)
    {
        if (call.IsPut)
        {
            Assert.Equal(call.Items.Length, reply.Number);
            return;
        }

        Assert.InRange(reply.Payloads.Length, 1, call.Call.Number);
        Assert.Equal(reply.Payloads.Length, reply.Number);
        var items = reply.Payloads.Select(Decode).ToArray();
        _unacknowledged.Add((call.Caller, call.Call.Call), items);
        foreach (var item in items)
            Give(item);
    }

    private void Give(int item)
    {
        Assert.Equal(Place.Offered, _places[item]);
        _places[item] = Place.Given;
        Assert.DoesNotContain(_places.Keys, earlier => earlier < item && _producerOf[earlier] == _producerOf[item] && IsThere(earlier));
    }

    /// <summary>
    /// Whether the item must be stored when a later one of its producer is. An abandoned put may have stored only its first items.
    /// </summary>
    private bool IsThere(int item) =>
        _places[item] == Place.Offered && (_returned.Contains(item) || !_cutShort.Any(put => put.Items.Contains(item)));

    private void Refuse(int item)
    {
        Assert.Equal(Place.Offered, _places[item]);
        _places[item] = Place.Refused;
    }

    private OpenCall TakeOpen(ObjectAnswer answer)
    {
        var call = _open.SingleOrDefault(call => call.Caller == answer.Caller && call.Call.Call == answer.Reply.Call);
        Assert.True(call is not null, "A call was answered that does not wait.");
        _open.Remove(call);
        return call;
    }

    private void CheckRest()
    {
        Assert.True(!_open.Any(call => call.IsPut) || (_capacity > 0 && _state.Count >= _capacity), "A put waits where there is room.");
        Assert.True(_open.All(call => call.IsPut) || _state.Count == 0, "A get waits where there are items.");
        Assert.True(_capacity == 0 || _state.Count <= Math.Max(_capacity, _count + _cameBack), "Puts have exceeded the bound.");
        var deadline = _open.Select(call => call.Deadline).DefaultIfEmpty(TimeSpan.MaxValue).Min();
        Assert.Equal(deadline == TimeSpan.MaxValue ? null : deadline, _state.NextDeadline);
        _count = _state.Count;
        _cameBack = 0;
    }

    /// <summary>An abandoned put has stored a prefix of its items.</summary>
    private void CheckPrefix(OpenCall put)
    {
        var places = put.Items.Select(item => _places[item]).ToList();
        Assert.All(places, place => Assert.True(place is Place.Acknowledged or Place.Offered));
        Assert.DoesNotContain(Place.Acknowledged, places.SkipWhile(place => place == Place.Acknowledged));
    }

    private static ReadOnlyMemory<byte> Encode(int item) => BitConverter.GetBytes(item);

    private static int Decode(ReadOnlyMemory<byte> payload) => BitConverter.ToInt32(payload.Span);

    private sealed record OpenCall(Caller Caller, ObjectCall Call, int[] Items, TimeSpan Deadline)
    {
        public bool IsPut => Call.Operation == ObjectOperation.Put;
    }
}
