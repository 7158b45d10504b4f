using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using Xunit;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// Drives a queue's core through a schedule beside a plain list that is right by inspection, and checks after every step what must
/// always hold. Items are numbered by their producer's calls, so their order tells of first-in, first-out.
/// </summary>
internal sealed class QueueRun(int capacity)
{
    private readonly QueueState _queue = new(capacity);
    private readonly List<ObjectAnswer> _answers = [];
    private readonly Dictionary<CallKey, ObjectCall> _open = [];
    private readonly List<CallKey> _openOrder = [];
    private readonly Dictionary<CallKey, int> _putSoFar = [];
    private readonly Dictionary<CallKey, int[]> _delivered = [];
    private readonly List<int> _kept = [];
    private readonly List<int> _model = [];
    private TimeSpan _now;
    private long _lastCall;
    private int _lastItem;
    private bool _mayExceed;

    internal void Do(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Give:
                Send(step.Caller, Calls.Put(++_lastCall, step.Timeout, [.. Enumerable.Range(0, step.Size).Select(_ => ++_lastItem)]));
                break;
            case StepKind.Take:
                Send(step.Caller, Calls.Get(++_lastCall, step.Timeout, step.Size));
                break;
            case StepKind.Confirm:
                Confirm(step.Choice);
                break;
            case StepKind.Abandon:
                Abandon(step.Choice);
                break;
            case StepKind.Die:
                Die(step.Caller);
                break;
            case StepKind.Wait:
                Wait(step.Choice % 12);
                break;
            default:
                Send(step.Caller, Calls.Ask(++_lastCall, ObjectOperation.Count));
                break;
        }

        Check();
    }

    /// <summary>Every item ever put is confirmed, in delivery or still there: none twice, none lost.</summary>
    internal void Finish()
    {
        foreach (int caller in _delivered.Keys.Select(key => (int)key.Caller).Distinct().ToList())
            Die(caller);
        foreach (var open in _openOrder.ToList())
            Abandon(open);
        var left = Drain();
        Assert.Equal(_model, left);
        Assert.Equal(_kept.Count, _kept.Distinct().Count());
        Assert.Empty(_kept.Intersect(left));
    }

    private List<int> Drain()
    {
        var left = new List<int>();
        for (var key = new CallKey(9, 1_000_000); ; key = key with { Call = key.Call + 1 })
        {
            _answers.Clear();
            _queue.Call(key.Caller, Calls.Get(key.Call, 0), _now, _answers);
            var reply = Assert.Single(_answers).Reply;
            if (reply.Status == ObjectStatus.Empty)
                return left;
            left.AddRange(reply.Items());
        }
    }

    private void Send(int caller, ObjectCall call)
    {
        var key = new CallKey(caller, call.Call);
        _open.Add(key, call);
        _openOrder.Add(key);
        _putSoFar.Add(key, 0);
        _queue.Call(caller, call, _now, _answers);
        Settle();
        if (call.TimeoutMilliseconds == 0)
            Assert.False(_open.ContainsKey(key), "A call that may not wait was left waiting.");
    }

    private void Confirm(int choice)
    {
        if (_delivered.Count == 0)
            return;
        var key = _delivered.Keys.OrderBy(key => key.Call).ElementAt(choice % _delivered.Count);
        _queue.Received(key.Caller, key.Call);
        _delivered.Remove(key, out var items);
        _kept.AddRange(items!);
    }

    private void Abandon(int choice)
    {
        var all = _openOrder.Concat(_delivered.Keys.OrderBy(key => key.Call)).ToList();
        if (all.Count > 0)
            Abandon(all[choice % all.Count]);
    }

    private void Abandon(CallKey key)
    {
        Close(key);
        ReturnToModel(key);
        _queue.Abandoned(key.Caller, key.Call, _answers);
        Settle();
    }

    private void Die(int caller)
    {
        foreach (var key in _openOrder.Where(key => key.Caller == caller).ToList())
            Close(key);
        foreach (var key in _delivered.Keys.Where(key => key.Caller == caller).ToList())
            ReturnToModel(key);
        _queue.CallerDied(caller, _answers);
        Settle();
    }

    private void ReturnToModel(CallKey key)
    {
        if (!_delivered.Remove(key, out var items))
            return;
        _model.AddRange(items);
        // Only what was put can come back, and sequence numbers are given at putting: the model keeps its own order of putting.
        _model.Sort((left, right) => _putOrder[left].CompareTo(_putOrder[right]));
        _mayExceed = true;
    }

    private void Wait(int milliseconds)
    {
        _now += TimeSpan.FromMilliseconds(milliseconds);
        _queue.TimePassed(_now, _answers);
        var late = _answers.Select(answer => new CallKey(answer.Caller, answer.Reply.Call)).ToList();
        Assert.All(late, key => Assert.True(_open[key].TimeoutMilliseconds > 0));
        Settle();
        Assert.True(_queue.NextDeadline is not { } next || next > _now);
    }

    private readonly Dictionary<int, int> _putOrder = [];

    // The model: while anything can go, the first that waits goes.
    private void Settle()
    {
        var expected = new List<(CallKey Key, int[] Items)>();
        while (PutOne() || TakeSome(expected))
        {
        }

        foreach (var answer in _answers)
            Settle(answer, expected);
        Assert.Empty(expected);
        _answers.Clear();
    }

    private bool PutOne()
    {
        foreach (var key in _openOrder.Where(key => _open[key].Operation == ObjectOperation.Put))
        {
            var items = new ObjectReply(0, 0, 0, _open[key].Payloads).Items();
            int put = _putSoFar[key];
            if (put == items.Length)
                continue;
            if (capacity > 0 && _model.Count >= capacity)
                return false;
            _putSoFar[key]++;
            _putOrder[items[put]] = _putOrder.Count;
            _model.Add(items[put]);
            return true;
        }

        return false;
    }

    private bool TakeSome(List<(CallKey Key, int[] Items)> expected)
    {
        foreach (var key in _openOrder.Where(key => _open[key].Operation == ObjectOperation.Get))
        {
            if (_model.Count == 0 || expected.Any(one => one.Key == key))
                continue;
            expected.Add((key, []));
            TakeAsAnswered(key, expected);
            return true;
        }

        return false;
    }

    // How many a getter of many gets depends on what was there at that moment; the answer says it, the model says which.
    private void TakeAsAnswered(CallKey key, List<(CallKey Key, int[] Items)> expected)
    {
        int taken = _answers.Where(answer => answer.Caller == key.Caller && answer.Reply.Call == key.Call)
            .Select(answer => answer.Reply.Payloads.Length).SingleOrDefault();
        Assert.True(taken > 0, "A getter waits while there are items.");
        Assert.True(taken <= Math.Max(1, _open[key].Number));
        while (_model.Count < taken && PutOne())
        {
        }

        expected[^1] = (key, [.. _model.Take(taken)]);
        _model.RemoveRange(0, taken);
    }

    private void Settle(ObjectAnswer answer, List<(CallKey Key, int[] Items)> expected)
    {
        var key = new CallKey(answer.Caller, answer.Reply.Call);
        Assert.True(_open.TryGetValue(key, out var call), "A call was answered twice, or after its end.");
        switch (answer.Reply.Status, call.Operation)
        {
            case (ObjectStatus.Ok, ObjectOperation.Get):
                var one = expected.Single(one => one.Key == key);
                expected.Remove(one);
                Assert.Equal(one.Items, answer.Reply.Items());
                _delivered.Add(key, one.Items);
                break;
            case (ObjectStatus.Ok, ObjectOperation.Put):
                Assert.Equal(call.Payloads.Length, _putSoFar[key]);
                Assert.Equal(call.Payloads.Length, answer.Reply.Number);
                break;
            case (ObjectStatus.Full, ObjectOperation.Put):
                Assert.Equal(_putSoFar[key], answer.Reply.Number);
                Assert.True(answer.Reply.Number < call.Payloads.Length);
                break;
            case (ObjectStatus.Empty, ObjectOperation.Get):
                Assert.Empty(_model);
                break;
            default:
                Assert.Equal((ObjectStatus.Ok, ObjectOperation.Count), (answer.Reply.Status, call.Operation));
                Assert.Equal(_model.Count, answer.Reply.Number);
                break;
        }

        Close(key);
    }

    private void Close(CallKey key)
    {
        if (_open.Remove(key))
            _openOrder.Remove(key);
    }

    private void Check()
    {
        bool getters = _open.Values.Any(call => call.Operation == ObjectOperation.Get);
        bool putters = _open.Values.Any(call => call.Operation == ObjectOperation.Put);
        Assert.False(getters && _model.Count > 0, "A getter waits while there are items.");
        Assert.False(putters && (capacity == 0 || _model.Count < capacity), "A putter waits while there is room.");
        if (_model.Count <= capacity)
            _mayExceed = false;
        Assert.True(capacity == 0 || _model.Count <= capacity || _mayExceed);
    }
}
