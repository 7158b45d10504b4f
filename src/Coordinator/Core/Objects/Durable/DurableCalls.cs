using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Collections;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>
/// The caller's side of a durable object: its unsettled calls, which are repeated until they are answered. Has no actor and no clock. The
/// owner of this class sends the messages, which may be lost.
/// </summary>
/// <param name="id">The object.</param>
/// <param name="caller">The calling process.</param>
/// <param name="before">The number before the first call. If the process used the object before, the object may know lower numbers.</param>
public sealed class DurableCalls(ObjectId id, CallerId caller, long before)
{
    /// <summary>How often an object receives a comparison from a caller with open calls.</summary>
    public static readonly TimeSpan Interval = ProtocolTimes.CallerHeartbeat;

    /// <summary>The number of intervals between comparisons without open calls.</summary>
    private const int IdleTicks = 4;

    private readonly Dictionary<long, OpenCall> _entries = [];
    private readonly Dictionary<long, long> _numbers = new(SeededComparer<long>.Instance);
    private readonly Queue<long> _order = new();
    private long _last = before;
    private long _changes = before;
    private long _confirmedChanges = before;
    private int _quietTicks;
    private TimeSpan _lastContact = TimeSpan.MinValue;
    private string? _interruption;
    private bool _isLeaving;

    /// <summary>The highest number used.</summary>
    public long HighestNumber => Math.Max(_last, _changes);

    /// <summary>Whether the object was left and has confirmed it.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether any call has no answer.</summary>
    public bool HasPendingCalls => _entries.Values.Any(entry => entry.CurrentStage == DurableCallStage.Waiting);

    /// <summary>Sends a call.</summary>
    /// <param name="call">The call, with the number that its process chose.</param>
    /// <param name="patience">How long the object may be unreachable.</param>
    /// <param name="now">The current time.</param>
    /// <param name="sent">Receives the messages to send.</param>
    public void SendCall(ObjectCall call, TimeSpan patience, TimeSpan now, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        _isLeaving = false;
        SendEntry(new OpenCall(call, now, patience), now, sent);
    }

    private void SendEntry(OpenCall entry, TimeSpan now, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        var number = ++_last;
        _entries[number] = entry;
        _numbers[entry.Call.Call] = number;
        _order.Enqueue(number);
        sent.Add(CreateRequest(number, entry, now));
    }

    /// <summary>Confirms that the process has received the answer.</summary>
    public void ConfirmReceipt(long call, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        if (!_numbers.Remove(call, out var number) || !_entries.Remove(number))
            return;
        _changes++;
        sent.Add(new DurableObjectProtocol.DurableReplyReceived(id, caller, number));
    }

    /// <summary>Abandons a call.</summary>
    public void AbandonCall(long call, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        if (!_numbers.Remove(call, out var number))
            return;
        MarkAbandoned(number);
        sent.Add(new DurableObjectProtocol.DurableCallAbandoned(id, caller, number));
    }

    /// <summary>Leaves the object: the process has ended or has no proxy any more. Unconfirmed items return to the queue.</summary>
    public void LeaveObject(List<DurableObjectProtocol.ICallerMessage> sent)
    {
        (_isLeaving, _changes) = (true, _changes + 1);
        sent.Add(CreateComparison(TimeSpan.MaxValue));
    }

    /// <summary>Handles an answer of the object.</summary>
    /// <returns>The answer for the process. Null if the process has it or abandoned the call.</returns>
    public ObjectReply? OnAnswered(ObjectReply reply, TimeSpan now, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        _lastContact = now;
        if (!_entries.TryGetValue(reply.Call, out var entry) || entry.CurrentStage != DurableCallStage.Waiting)
            return null;
        if (reply.Status == ObjectStatus.ResendCall && entry.TimeLeft(now) == 0)
        {
            var isPut = entry.Call.Operation is ObjectOperation.Put or ObjectOperation.PutOnce;
            reply = reply with { Status = isPut ? ObjectStatus.Full : ObjectStatus.Empty };
        }

        if (reply.Status == ObjectStatus.ResendCall)
        {
            _entries.Remove(reply.Call);
            if (!_isLeaving)
                SendEntry(entry, now, sent);
            return null;
        }

        if (entry.Call.Operation.HandsOver(reply))
        {
            entry.CurrentStage = DurableCallStage.Held;
        }
        else
        {
            _entries.Remove(reply.Call);
            _numbers.Remove(entry.Call.Call);
        }

        return reply with { Call = entry.Call.Call };
    }

    /// <summary>Handles the confirmation of a comparison.</summary>
    public void OnCompared(
        DurableObjectProtocol.CallerHeartbeatReply compared, TimeSpan now, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        (_lastContact, _interruption) = (now, null);
        _confirmedChanges = Math.Max(_confirmedChanges, compared.Number);
        IsFinished = _isLeaving && _confirmedChanges == _changes;
        foreach (var (number, _) in _entries.Where(entry => entry.Value.AbandonedAt <= _confirmedChanges).ToList())
            _entries.Remove(number);
        if (!_isLeaving)
            ResendCalls(number => CallRange.Contains(compared.Unknown, number), now, sent);
    }

    /// <summary>Handles the failure of the store at the current owner of the object.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="isFinal">Whether no other coordinator can own the object.</param>
    /// <param name="replies">Receives the answers for the process.</param>
    public void OnInterrupted(string reason, bool isFinal, List<ObjectReply> replies)
    {
        _interruption = reason;
        if (!isFinal)
            return;
        FailCalls(_ => true, ObjectStatus.Interrupted, reason, replies);
        // No confirmation will arrive.
        IsFinished = _isLeaving;
    }

    /// <summary>Called every <see cref="Interval"/>: fails calls whose object was unreachable too long, and sends comparisons.</summary>
    public void OnInterval(TimeSpan now, List<DurableObjectProtocol.ICallerMessage> sent, List<ObjectReply> replies)
    {
        FailCalls(
            entry => now - GetLater(entry.Since, _lastContact) > entry.Patience,
            _interruption is null ? ObjectStatus.Unreachable : ObjectStatus.Interrupted,
            _interruption ?? "The durable object could not be reached. The call may or may not have been applied; check the object before "
                + "you repeat it.",
            replies);
        if (_entries.Count > 0 || _confirmedChanges < _changes || ++_quietTicks >= IdleTicks)
            sent.Add(CreateComparison(now));
    }

    /// <summary>Sends everything again after the connection or the coordinator has changed.</summary>
    public void ResendAll(TimeSpan now, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        sent.Add(CreateComparison(now));
        if (!_isLeaving)
            ResendCalls(_ => true, now, sent);
    }

    private void ResendCalls(Predicate<long> match, TimeSpan now, List<DurableObjectProtocol.ICallerMessage> sent)
    {
        var waiting = _entries.Where(entry => entry.Value.CurrentStage == DurableCallStage.Waiting && match(entry.Key));
        foreach (var (number, entry) in waiting.OrderBy(entry => entry.Key))
            sent.Add(CreateRequest(number, entry, now));
    }

    private static TimeSpan GetLater(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private DurableObjectProtocol.CallDurableObject CreateRequest(long number, OpenCall entry, TimeSpan now)
    {
        entry.SentAt = now;
        return new DurableObjectProtocol.CallDurableObject(
            id, caller, GetFirstUnsettled(), entry.Call with { Call = number, TimeoutMilliseconds = entry.TimeLeft(now) });
    }

    private DurableObjectProtocol.CallerHeartbeat CreateComparison(TimeSpan now)
    {
        _quietTicks = 0;
        _ = GetFirstUnsettled();
        return new DurableObjectProtocol.CallerHeartbeat(
            id, caller, _changes, _last,
            GetNumbers(entry => entry.CurrentStage == DurableCallStage.Waiting && now - entry.SentAt >= Interval),
            GetNumbers(entry => entry.CurrentStage == DurableCallStage.Held || IsRecent(entry)),
            GetNumbers(entry => entry.CurrentStage == DurableCallStage.Abandoned),
            _isLeaving);

        bool IsRecent(OpenCall entry) => entry.CurrentStage == DurableCallStage.Waiting && now - entry.SentAt < Interval;
    }

    private ImmutableArray<CallRange> GetNumbers(Predicate<OpenCall> match) =>
        CallRange.FromNumbers(_order.Where(number => _entries.TryGetValue(number, out var entry) && match(entry)));

    /// <summary>Gets the first unsettled number.</summary>
    private long GetFirstUnsettled()
    {
        while (_order.TryPeek(out var number) && !_entries.ContainsKey(number))
            _order.Dequeue();
        return _order.TryPeek(out var first) ? first : _last + 1;
    }

    private void FailCalls(Predicate<OpenCall> match, ObjectStatus status, string reason, List<ObjectReply> replies)
    {
        var failed = _entries.Where(entry => entry.Value.CurrentStage == DurableCallStage.Waiting && match(entry.Value)).ToList();
        foreach (var (number, entry) in failed)
        {
            replies.Add(ObjectReply.WithReason(entry.Call.Call, status, reason));
            _numbers.Remove(entry.Call.Call);
            MarkAbandoned(number);
        }
    }

    private void MarkAbandoned(long number)
    {
        if (!_entries.TryGetValue(number, out var entry))
            return;
        (entry.CurrentStage, entry.AbandonedAt) = (DurableCallStage.Abandoned, ++_changes);
        entry.Call = entry.Call with { Payloads = [] };
    }

    private enum DurableCallStage
    {
        /// <summary>The call has no answer.</summary>
        Waiting,

        /// <summary>The call has an answer whose receipt is not confirmed.</summary>
        Held,

        /// <summary>The call is abandoned, and the object may not know it.</summary>
        Abandoned,
    }

    private sealed class OpenCall(ObjectCall call, TimeSpan since, TimeSpan patience)
    {
        public ObjectCall Call { get; set; } = call;

        public TimeSpan Since => since;

        public TimeSpan SentAt { get; set; }

        public TimeSpan Patience => patience;

        public DurableCallStage CurrentStage { get; set; }

        public long AbandonedAt { get; set; } = long.MaxValue;

        /// <summary>Gets the remaining timeout of the call in milliseconds.</summary>
        public long TimeLeft(TimeSpan at) => Call.TimeoutMilliseconds < 0
            ? Call.TimeoutMilliseconds
            : Math.Max(0, Call.TimeoutMilliseconds - (long)(at - Since).TotalMilliseconds);
    }
}
