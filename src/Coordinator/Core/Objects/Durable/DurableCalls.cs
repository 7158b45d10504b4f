using System.Collections.Immutable;
using System.Text;
using Actors.Messages;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>
/// The caller's side of a durable object: the calls that are not settled, each of which is asked again until it is answered. Knows no actor and no clock;
/// whoever owns it sends what comes out, which may be lost on the way.
/// </summary>
/// <param name="id">The object.</param>
/// <param name="caller">The process that calls.</param>
/// <param name="before">What numbers begin after: the object may know lower ones, if the process had left it before.</param>
internal sealed class DurableCalls(ObjectId id, CallerId caller, long before)
{
    /// <summary>How often an object hears of its caller who has something open.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How many times as seldom it hears of one who has not.</summary>
    private const int IdleTicks = 4;

    private readonly Dictionary<long, Entry> _entries = [];
    private readonly Dictionary<long, long> _numbers = [];
    private readonly Queue<long> _order = new();
    private long _last = before;
    private long _changes = before;
    private long _heardChanges = before;
    private int _quietTicks;
    private TimeSpan _lastHeard = TimeSpan.MinValue;
    private string? _interruption;
    private bool _isLeaving;

    /// <summary>No number was higher.</summary>
    public long Highest => Math.Max(_last, _changes);

    /// <summary>It was left, and the object knows.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Calls that have no answer.</summary>
    public bool IsWaiting => _entries.Values.Any(entry => entry.Stage == Stage.Waiting);

    /// <summary>Sends a call.</summary>
    /// <param name="call">As its process numbers it.</param>
    /// <param name="patience">How long the object may be out of reach.</param>
    /// <param name="now">The time.</param>
    /// <param name="sent">What is to be sent.</param>
    public void Call(ObjectCall call, TimeSpan patience, TimeSpan now, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        _isLeaving = false;
        Send(new Entry(call, now, patience), now, sent);
    }

    private void Send(Entry entry, TimeSpan now, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        var number = ++_last;
        _entries[number] = entry;
        _numbers[entry.Call.Call] = number;
        _order.Enqueue(number);
        sent.Add(Ask(number, entry, now));
    }

    /// <summary>The process has the answer in hand.</summary>
    public void Received(long call, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        if (!_numbers.Remove(call, out var number) || !_entries.Remove(number))
            return;
        _changes++;
        sent.Add(new DurableObjectProtocol.DurableReplyReceived(id, caller, number));
    }

    /// <summary>The process does not wait for the call any more.</summary>
    public void Abandoned(long call, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        if (!_numbers.Remove(call, out var number))
            return;
        Abandon(number);
        sent.Add(new DurableObjectProtocol.DurableCallAbandoned(id, caller, number));
    }

    /// <summary>The process is dead, or has no proxy of the object any more: what it has not received goes back.</summary>
    public void Leave(List<DurableObjectProtocol.ICallerMessage> sent)
    {
        (_isLeaving, _changes) = (true, _changes + 1);
        sent.Add(Here(TimeSpan.MaxValue));
    }

    /// <summary>The object has answered.</summary>
    /// <returns>The answer for the process; null when it has it, or does not want it any more.</returns>
    public ObjectReply? Answered(ObjectReply reply, TimeSpan now, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        _lastHeard = now;
        if (!_entries.TryGetValue(reply.Call, out var entry) || entry.Stage != Stage.Waiting)
            return null;
        if (reply.Status == ObjectStatus.ResendCall && entry.TimeLeft(now) == 0)
            reply = reply with { Status = entry.Call.Operation == ObjectOperation.Put ? ObjectStatus.Full : ObjectStatus.Empty };
        if (reply.Status == ObjectStatus.ResendCall)
        {
            _entries.Remove(reply.Call);
            if (!_isLeaving)
                Send(entry, now, sent);
            return null;
        }

        if (entry.Call.Operation.HandsOver(reply))
        {
            entry.Stage = Stage.Held;
        }
        else
        {
            _entries.Remove(reply.Call);
            _numbers.Remove(entry.Call.Call);
        }

        return reply with { Call = entry.Call.Call };
    }

    /// <summary>The object is there, and knows what it was told.</summary>
    public void Heard(DurableObjectProtocol.CallerHeartbeatReply heard, TimeSpan now, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        (_lastHeard, _interruption) = (now, null);
        _heardChanges = Math.Max(_heardChanges, heard.Number);
        IsOver = _isLeaving && _heardChanges == _changes;
        foreach (var (number, _) in _entries.Where(entry => entry.Value.AbandonedAt <= _heardChanges).ToList())
            _entries.Remove(number);
        if (!_isLeaving)
            AskAgain(number => CallRange.Contains(heard.Unknown, number), now, sent);
    }

    /// <summary>The object cannot be read or written where it is.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="isFinal">Whether it can be nowhere else.</param>
    /// <param name="replies">Answers for the process.</param>
    public void Interrupted(string reason, bool isFinal, List<ObjectReply> replies)
    {
        _interruption = reason;
        if (!isFinal)
            return;
        Fail(_ => true, ObjectStatus.Interrupted, reason, replies);
        // Nobody will ever say that it has heard.
        IsOver = _isLeaving;
    }

    /// <summary>Time has passed: every <see cref="Interval"/>.</summary>
    public void Tick(TimeSpan now, List<DurableObjectProtocol.ICallerMessage> sent, List<ObjectReply> replies)
    {
        Fail(
            entry => now - Later(entry.Since, _lastHeard) > entry.Patience,
            _interruption is null ? ObjectStatus.Unreachable : ObjectStatus.Interrupted,
            _interruption ?? "The durable object was not found; whether the call was done is not known.",
            replies);
        if (_entries.Count > 0 || _heardChanges < _changes || ++_quietTicks >= IdleTicks)
            sent.Add(Here(now));
    }

    /// <summary>The coordinator, or the way to it, is another: everything is said again.</summary>
    public void Resume(TimeSpan now, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        sent.Add(Here(now));
        if (!_isLeaving)
            AskAgain(_ => true, now, sent);
    }

    private void AskAgain(Predicate<long> match, TimeSpan now, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        foreach (var (number, entry) in _entries.Where(entry => entry.Value.Stage == Stage.Waiting && match(entry.Key)).OrderBy(entry => entry.Key))
            sent.Add(Ask(number, entry, now));
    }

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private DurableObjectProtocol.CallDurableObject Ask(long number, Entry entry, TimeSpan now)
    {
        entry.SentAt = now;
        return new DurableObjectProtocol.CallDurableObject(id, caller, Settled(), entry.Call with { Call = number, TimeoutMilliseconds = entry.TimeLeft(now) });
    }

    private DurableObjectProtocol.CallerHeartbeat Here(TimeSpan now)
    {
        _quietTicks = 0;
        _ = Settled();
        return new DurableObjectProtocol.CallerHeartbeat(
            id, caller, _changes, _last,
            Those(entry => entry.Stage == Stage.Waiting && now - entry.SentAt >= Interval),
            Those(entry => entry.Stage == Stage.Held || (entry.Stage == Stage.Waiting && now - entry.SentAt < Interval)),
            Those(entry => entry.Stage == Stage.Abandoned),
            _isLeaving);
    }

    private ImmutableArray<CallRange> Those(Predicate<Entry> match) =>
        CallRange.FromNumbers(_order.Where(number => _entries.TryGetValue(number, out var entry) && match(entry)));

    /// <summary>The first number that is not settled.</summary>
    private long Settled()
    {
        while (_order.TryPeek(out var number) && !_entries.ContainsKey(number))
            _order.Dequeue();
        return _order.TryPeek(out var first) ? first : _last + 1;
    }

    private void Fail(Predicate<Entry> match, ObjectStatus status, string reason, List<ObjectReply> replies)
    {
        foreach (var (number, entry) in _entries.Where(entry => entry.Value.Stage == Stage.Waiting && match(entry.Value)).ToList())
        {
            replies.Add(new ObjectReply(entry.Call.Call, status, 0, [Encoding.UTF8.GetBytes(reason)]));
            _numbers.Remove(entry.Call.Call);
            Abandon(number);
        }
    }

    private void Abandon(long number)
    {
        if (!_entries.TryGetValue(number, out var entry))
            return;
        (entry.Stage, entry.AbandonedAt) = (Stage.Abandoned, ++_changes);
        entry.Call = entry.Call with { Payloads = [] };
    }

    private enum Stage
    {
        /// <summary>It has no answer.</summary>
        Waiting,

        /// <summary>It has one, and the process has not said that it arrived.</summary>
        Held,

        /// <summary>It is not waited for, and the object may not know.</summary>
        Abandoned,
    }

    private sealed class Entry(ObjectCall call, TimeSpan since, TimeSpan patience)
    {
        public ObjectCall Call { get; set; } = call;

        public TimeSpan Since => since;

        public TimeSpan SentAt { get; set; }

        public TimeSpan Patience => patience;

        public Stage Stage { get; set; }

        public long AbandonedAt { get; set; } = long.MaxValue;

        /// <summary>What is left of the call's timeout.</summary>
        public long TimeLeft(TimeSpan at) => Call.TimeoutMilliseconds < 0
            ? Call.TimeoutMilliseconds
            : Math.Max(0, Call.TimeoutMilliseconds - (long)(at - Since).TotalMilliseconds);
    }
}
