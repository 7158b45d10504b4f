using System.Collections.Immutable;
using System.Text;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>An answer to a call on a durable object.</summary>
public readonly record struct DurableAnswer(CallerId Caller, ObjectReply Reply);

/// <summary>
/// The state of a durable object: the state of its kind, and its answers to each caller until these are settled, so that a repeated call is
/// not applied twice. The same commands in the same order give the same state. Has no actor and no clock.
/// </summary>
public sealed partial class DurableObjectState
{
    private const int CallerOverhead = 512;

    private readonly Dictionary<CallerId, KnownCaller> _callers = [];
    private readonly Dictionary<int, KnownCaller> _numbered = [];
    private readonly List<ObjectAnswer> _answers = [];
    private readonly CallSizes _callSizes = new();
    private QueueState? _queue;
    private long _capacity;
    private int _lastCaller;

    /// <summary>The specification of the object. Null before it is created and after it is deleted.</summary>
    public DurableObjectSpec? Spec { get; private set; }

    /// <summary>The time of the last command, in milliseconds since 1970, UTC.</summary>
    public long LastAt { get; private set; }

    /// <summary>When a tick command is due. Null for never.</summary>
    public TimeSpan? NextDeadline => _queue?.NextDeadline;

    /// <summary>The figures of the queue, for operators.</summary>
    public ObjectFigures Figures => _queue?.Figures ?? default;

    /// <summary>The callers that do not count as dead.</summary>
    public IEnumerable<CallerId> LivingCallers => _callers.Values.Where(caller => !caller.IsDead).Select(caller => caller.Id);

    /// <summary>All known callers.</summary>
    public IEnumerable<CallerId> Callers => _callers.Keys;

    /// <summary>The approximate bytes of memory of the items, of callers, and of their open calls.</summary>
    public long Size => (_queue?.Size ?? 0) + _callSizes.Total + ((long)_callers.Count * CallerOverhead);

    /// <summary>The approximate bytes of memory of open calls, without their values.</summary>
    public long CallBytes => _callSizes.CallBytes;

    /// <summary>Gets the time since which a caller counts as dead, in milliseconds since 1970, UTC. Null if it is alive.</summary>
    public long? GetDeadSince(CallerId caller) => FindCaller(caller)?.DeadSince;

    /// <summary>Applies a command.</summary>
    /// <returns>Whether the command changed anything. Other commands need not be written.</returns>
    public bool ApplyCommand(ObjectCommand command, List<DurableAnswer> answers)
    {
        LastAt = Math.Max(LastAt, command.At);
        var now = TimeSpan.FromMilliseconds(command.At);
        var isChange = command.Kind switch
        {
            ObjectCommandKind.Call => ApplyCall(command, now),
            ObjectCommandKind.Received => FindCaller(command.Caller) is { } caller && ConfirmReceipt(caller, command.Call),
            ObjectCommandKind.Abandoned => FindCaller(command.Caller) is { } caller && AbandonCall(caller, command.Call, now),
            ObjectCommandKind.Died => FindCaller(command.Caller) is { } caller && MarkDead(caller, command.Settled, now),
            ObjectCommandKind.Forgotten => FindCaller(command.Caller) is { } caller && ForgetCaller(caller, now),
            ObjectCommandKind.Tick => ExpireCalls(now),
            ObjectCommandKind.Skipped => FindCaller(command.Caller) is { } caller && SkipCalls(caller, command),
            _ => throw new InvalidDataException($"{command.Kind} is no command."),
        };
        TakeAnswers(answers);
        return isChange;
    }

    /// <summary>
    /// Whether the call is the next one of its caller: neither a repeated one, nor one before earlier calls have arrived.
    /// </summary>
    public bool IsNext(DurableObjectProtocol.CallDurableObject ask) =>
        ask.Settled >= 0 && ask.Call.Call < long.MaxValue
        && ask.Call.Call == Math.Max(FindCaller(ask.Caller)?.NextCall ?? 0, ask.Settled);

    private KnownCaller? FindCaller(CallerId id) => _callers.GetValueOrDefault(id);

    private bool ApplyCall(ObjectCommand command, TimeSpan now)
    {
        var caller = FindCaller(command.Caller) ?? AddCaller(command.Caller, ++_lastCaller, command.Settled);
        caller.DeadSince = null;
        var hasSettled = SettleCalls(caller, command.Settled);
        AddUnwritten(caller, command.Call);
        caller.NextCall = command.Call + 1;
        caller.Calls.SetWaiting(command.Call, ObjectSizes.MeasureValues(command.Payloads));
        var call = new ObjectCall(default, command.Call, command.Operation, command.TimeoutMilliseconds, command.Number, command.Payloads);
        switch (command.Operation)
        {
            case ObjectOperation.Open when call.As<DurableOpen>() is { Request.Spec.Kind: ObjectKind.Queue } open:
                OpenQueue(caller, open);
                break;
            case ObjectOperation.Open: _answers.AddStatus(caller.Caller, call, ObjectStatus.NotSupported); break;
            case ObjectOperation.Delete: DeleteQueue(caller, call); break;
            case var _ when _queue is null: _answers.AddStatus(caller.Caller, call, ObjectStatus.NoSuchObject); break;
            default: _queue.HandleCall(caller.Caller, call, now, _answers); break;
        }

        return hasSettled
            || _answers is not [var only]
            || only.Caller != caller.Caller
            || only.Reply.Call != call.Call
            || !HasNoEffect(call.Operation, only.Reply);
    }

    /// <summary>Adds calls that were not written because they changed nothing. Their answers may be lost, so they are repeated.</summary>
    private static void AddUnwritten(KnownCaller caller, long next)
    {
        for (var call = Math.Max(caller.NextCall, caller.Settled); call < next; call++)
            caller.Calls.SetAnswer(ObjectReply.WithStatus(call, ObjectStatus.ResendCall));
    }

    /// <summary>Whether a call with this answer has changed nothing.</summary>
    private static bool HasNoEffect(ObjectOperation operation, ObjectReply reply) => reply.Status switch
    {
        ObjectStatus.Empty or ObjectStatus.TimedOut or ObjectStatus.NotSupported or ObjectStatus.OutOfBounds or ObjectStatus.NoSuchObject
            or ObjectStatus.Refused or ObjectStatus.Conflict or ObjectStatus.NotHeld => true,
        ObjectStatus.Full => reply.Number == 0,
        ObjectStatus.Ok when operation == ObjectOperation.PutOnce => reply.Number == 0,
        _ => operation is ObjectOperation.Count or ObjectOperation.Capacity,
    };

    private void OpenQueue(KnownCaller caller, TypedCall<DurableOpen> call)
    {
        var (spec, bound) = call.Request;
        if (_queue is null)
            CreateQueue(spec, Math.Max(0, bound));
        if (PublishedType.FindMismatch(Spec!.Type, spec.Type) is { } mismatch)
            RefuseCall(caller, call, $"The durable queue '{Spec.Name}' is {mismatch}");
        else if (bound != DurableOpen.AnyBound && bound != _capacity)
            RefuseCall(caller, call, $"The durable queue '{Spec.Name}' was made with a capacity of {_capacity}, not {bound}.");
        else
            _answers.AddReply(caller.Caller, call, new CountReply(_capacity));
    }

    private void CreateQueue(DurableObjectSpec spec, long capacity)
    {
        (Spec, _capacity) = (spec, capacity);
        _queue = new QueueState(capacity, new InsertionOrder(newestFirst: false));
    }

    private void RefuseCall(KnownCaller caller, TypedCall<DurableOpen> call, string reason) =>
        _answers.AddRefusal(caller.Caller, call.Envelope, ObjectStatus.Refused, reason);

    private void DeleteQueue(KnownCaller caller, ObjectCall call)
    {
        _queue?.EndAllCalls(_answers);
        (_queue, Spec) = (null, null);
        _answers.AddStatus(caller.Caller, call, ObjectStatus.Ok);
    }

    private bool SettleCalls(KnownCaller caller, long settled)
    {
        var isChange = false;
        foreach (var call in GetNewlySettled(caller, settled))
            isChange |= ConfirmReceipt(caller, call);
        caller.Settled = Math.Max(caller.Settled, settled);
        return isChange;
    }

    /// <summary>Gets the calls that are settled now, by the shorter of two ways.</summary>
    private static List<long> GetNewlySettled(KnownCaller caller, long settled)
    {
        var numbers = new List<long>();
        if (settled - caller.Settled > caller.Calls.Count)
            numbers.AddRange(caller.Calls.All.Select(call => call.Key).Where(call => call < settled));
        else
        {
            for (var call = caller.Settled; call < settled; call++)
                numbers.Add(call);
        }

        return numbers;
    }

    private bool ConfirmReceipt(KnownCaller caller, long call)
    {
        caller.Calls.TryRemove(call, out _);
        if (_queue?.IsDelivered(caller.Caller, call) != true)
            return false;
        _queue.ConfirmReceipt(caller.Caller, call);
        return true;
    }

    private bool AbandonCall(KnownCaller caller, long call, TimeSpan now)
    {
        if (!caller.Calls.TryRemove(call, out var answer) || _queue is null)
            return false;
        if (answer is not null && !_queue.IsDelivered(caller.Caller, call))
            return false;
        _queue.AbandonCall(caller.Caller, call, now, _answers);
        return true;
    }

    /// <summary>Marks a caller as dead and answers its open calls, in case it is alive after all.</summary>
    private bool MarkDead(KnownCaller caller, long settled, TimeSpan now)
    {
        caller.DeadSince = (long)now.TotalMilliseconds;
        foreach (var (call, answer) in caller.Calls.All.ToList())
        {
            if (answer is null && _queue?.CountPut(caller.Caller, call) is > 0 and var put)
                caller.Calls.SetAnswer(new ObjectReply(call, ObjectStatus.Unreachable, put, [FormatPartialPut(put)]));
            else if (answer is null || _queue?.IsDelivered(caller.Caller, call) == true)
                caller.Calls.SetAnswer(ObjectReply.WithStatus(call, ObjectStatus.ResendCall));
        }

        _queue?.RemoveCaller(caller.Caller, now, _answers);
        SettleCalls(caller, settled);
        caller.NextCall = Math.Max(caller.NextCall, settled);
        return true;
    }

    private static byte[] FormatPartialPut(int put) => Encoding.UTF8.GetBytes(
        $"The call ended because its process was silent for too long. {put} of its items had been put in; put the others in again.");

    /// <summary>
    /// Skips calls that will not arrive. The calls before <see cref="ObjectCommand.Number"/> have arrived, written or not; those from there
    /// to the next one will not.
    /// </summary>
    private bool SkipCalls(KnownCaller caller, ObjectCommand command)
    {
        SettleCalls(caller, command.Settled);
        AddUnwritten(caller, command.Number);
        caller.NextCall = Math.Max(caller.NextCall, command.Call);
        return true;
    }

    private bool ForgetCaller(KnownCaller caller, TimeSpan now)
    {
        MarkDead(caller, 0, now);
        caller.Calls.Clear();
        _callers.Remove(caller.Id);
        _numbered.Remove(caller.Caller.Number);
        return true;
    }

    private bool ExpireCalls(TimeSpan now)
    {
        _queue?.ExpireCalls(now, _answers);
        return _answers.Count > 0;
    }

    private void TakeAnswers(List<DurableAnswer> answers)
    {
        foreach (var (to, reply) in _answers)
        {
            if (!_numbered.TryGetValue(to.Number, out var caller))
                continue;
            if (caller.Calls.Contains(reply.Call))
                caller.Calls.SetAnswer(reply);
            answers.Add(new DurableAnswer(caller.Id, reply));
        }

        _answers.Clear();
    }

    private KnownCaller AddCaller(CallerId id, int number, long settled)
    {
        var caller = new KnownCaller(id, number, new CallerCalls(_callSizes)) { Settled = settled };
        _callers.Add(id, caller);
        _numbered.Add(number, caller);
        return caller;
    }

    private sealed class KnownCaller(CallerId id, int number, CallerCalls calls)
    {
        public CallerId Id => id;

        /// <summary>The caller as the state of the kind knows it.</summary>
        public Caller Caller { get; } = new(number);

        public long Settled { get; set; }

        /// <summary>The next call. All earlier ones have arrived, or never will.</summary>
        public long NextCall { get; set; }

        public long? DeadSince { get; set; }

        public bool IsDead => DeadSince is not null;

        /// <summary>The unsettled calls with their answers.</summary>
        public CallerCalls Calls => calls;
    }
}
