using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Dispatch;
using Akka.Actor;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>
/// Runs one durable object: feeds its state, and answers after its commands are written. A caller without messages for a while counts as
/// dead. Without callers the object unloads, and is read again at the next call.
/// </summary>
public sealed partial class DurableObjectActor : HandlerActor, IWithTimers, IWithStash
{
    /// <summary>The prefix of the persistence ids of objects.</summary>
    private const string JournalPrefix = "object-";

    /// <summary>How long a caller may be silent. Callers send a message every half second, or every two seconds when idle.</summary>
    private static readonly TimeSpan Lease = ProtocolTimes.CallerLease;

    /// <summary>How long the calls of a silent caller are remembered, because they may be repeated.</summary>
    private static readonly TimeSpan MemoryTime = ProtocolTimes.CallerMemory;

    /// <summary>How long an object without callers stays loaded.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(60);

    private readonly Dictionary<CallerId, CallerPresence> _callers = [];
    private readonly ObjectId _id;
    private readonly Func<string?, object> _unloadedMessage;
    private readonly ObjectJournal _journal;
    private readonly TimeProvider _clock;
    private DurableObjectState _state = new();
    private TimeSpan _timerAt = TimeSpan.MaxValue;
    private TimeSpan _startedAt;
    private TimeSpan _idleSince;
    private long _startedMilliseconds;
    private bool _isRead;
    private bool _isDeleting;
    private bool _isUnloaded;

    /// <param name="id">The id of the object.</param>
    /// <param name="plugins">The plugins of the store.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="unloadedMessage">
    /// Creates the message to the parent that the object may be stopped, given the reason of a failure. Until then the parent forwards
    /// messages to it.
    /// </param>
    public DurableObjectActor(ObjectId id, JournalPlugins plugins, TimeProvider clock, Func<string?, object> unloadedMessage)
    {
        (_id, _clock, _unloadedMessage) = (id, clock, unloadedMessage);
        var (self, name) = (Self, GetJournalName(id));
        var writer = Context.ActorOf(ActorProps.Create(() => new JournalActor(name, self, plugins)), "journal");
        _journal = new ObjectJournal(message => writer.Tell(message, self), clock, () => _state);
        Receive<JournalProtocol.RecordRead>(read => ApplyRecord(read.Record));
        Receive<JournalProtocol.ReadCompleted>(_ => StartObject());
        Receive<JournalProtocol.RecordWritten>(_ => _journal.OnWritten());
        Receive<JournalProtocol.CompactionFailed>(grows => PublishEvent(grows.Reason, isProblem: true));
        Receive<JournalProtocol.JournalDeleted>(_ => UnloadObject(null));
        Receive<JournalProtocol.JournalFailed>(
            failed => InterruptCallers($"The durable queue{(_state.Spec is { } spec ? $" '{spec.Name}'" : "")} {failed.Reason}"));
        Receive<DescribeObject>(_ => AnswerDescription());
        Receive<CallerCheckDue>(_ => CheckCallers());
        Receive<DurableDeadlineReached>(_ => OnDeadline());
        Receive<DurableObjectsActor.UnloadObject>(_ => _journal.WhenWritten(() => UnloadObject(null)));
        Receive<DurableObjectProtocol.ICallerMessage>(_ => !_isRead, StashMessage);
        Receive<DurableObjectProtocol.ICallerMessage>(_ => _isUnloaded || _isDeleting, _ => { });
        Receive<DurableObjectProtocol.ICallerMessage>(OnMessage);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <summary>The object's time: the time of day at its start, which then advances evenly and never goes back.</summary>
    private long ObjectTime => _startedMilliseconds + (long)(Now - _startedAt).TotalMilliseconds;

    /// <summary>Gets the persistence id of an object.</summary>
    public static string GetJournalName(ObjectId id) => JournalPrefix + id.WithoutStoreNumber();

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void ApplyRecord(object record)
    {
        if (record is ObjectSnapshot snapshot)
            _state = DurableObjectState.FromSnapshot(snapshot);
        foreach (var command in record is ObjectRecord next ? next.Commands : [])
            _state.ApplyCommand(command, []);
    }

    /// <summary>
    /// Starts the object after its journal is read. It writes a record first, so that an earlier owner of the journal can write nothing
    /// more.
    /// </summary>
    private void StartObject()
    {
        (_startedAt, _idleSince) = (Now, Now);
        _startedMilliseconds = Math.Max(_state.LastAt, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        // A dead caller has been silent since its death, whichever coordinator owned the object. Otherwise an object that is read often
        // would never forget dead callers.
        foreach (var caller in _state.Callers)
        {
            var silence = _startedMilliseconds - (_state.GetDeadSince(caller) ?? _startedMilliseconds);
            _callers[caller] = new CallerPresence { LastContact = Now - TimeSpan.FromMilliseconds(silence) };
        }

        if (_state.Spec is not null)
        {
            _journal.NextBatch.AddFence();
            _journal.WhenWritten(() => PublishEvent("runs here"));
        }

        UpdateKept();

        _journal.WriteNext();
        _journal.WhenWritten(() => _isRead = true);
        _journal.WhenWritten(Stash.UnstashAll);
        Timers.StartPeriodicTimer(nameof(CallerCheckDue), CallerCheckDue.Instance, TimeSpan.FromSeconds(1));
    }

    private void OnMessage(DurableObjectProtocol.ICallerMessage message)
    {
        if (IsOneTooMany(message.Caller))
            return;
        var presence = GetOrAddPresence(message.Caller);
        (presence.LastContact, presence.Actor) = (Now, Sender);
        _idleSince = Now;
        switch (message)
        {
            case DurableObjectProtocol.CallDurableObject ask: ApplyCall(ask); break;
            case DurableObjectProtocol.DurableReplyReceived received:
                ApplyCommand(ObjectCommandKind.Received, received.Caller, received.Call);
                break;
            case DurableObjectProtocol.DurableCallAbandoned abandoned:
                ApplyCommand(ObjectCommandKind.Abandoned, abandoned.Caller, abandoned.Call);
                break;
            case DurableObjectProtocol.CallerHeartbeat comparison: AnswerComparison(comparison); break;
            default: Unhandled(message); break;
        }

        UpdateKept();
        _journal.WriteNext();
        StartTimer();
    }

    private CallerPresence GetOrAddPresence(CallerId caller) =>
        _callers.TryGetValue(caller, out var presence) ? presence : _callers[caller] = new CallerPresence();

    private void ApplyCall(DurableObjectProtocol.CallDurableObject ask)
    {
        // A repeated call, or one before earlier calls have arrived. The next comparison repeats it.
        if (!_state.IsNext(ask))
            return;
        if (FindRefusal(ask.Call) is { } refusal)
        {
            RefuseCall(ask, refusal);
            return;
        }

        var wasThere = _state.Spec is not null;
        ApplyCommand(DurableCommands.FromCall(ask, ObjectTime));
        if (!wasThere && _state.Spec is not null)
            _journal.WhenWritten(() => PublishEvent("is created here"));
        if (ask.Call.Operation == ObjectOperation.Delete)
            DeleteObject();
    }

    private void AnswerComparison(DurableObjectProtocol.CallerHeartbeat comparison)
    {
        foreach (var command in _state.GetCommands(comparison, ObjectTime))
            ApplyCommand(command);
        var answers = !comparison.Overdue.IsEmpty && MayRepeatAnswers(_callers[comparison.Caller])
            ? _state.GetAnswers(comparison).ConvertAll(reply => new DurableAnswer(comparison.Caller, reply))
            : [];
        var unknown = _state.GetUnknown(comparison);
        var confirmation = new DurableObjectProtocol.CallerHeartbeatReply(_id, comparison.Caller, comparison.Number, unknown);
        var sender = Sender;
        _journal.WhenWritten(() =>
        {
            SendAnswers(answers);
            sender.Tell(confirmation);
        });
    }

    private void ApplyCommand(ObjectCommandKind kind, CallerId caller, long call) =>
        ApplyCommand(ObjectCommand.WithoutCall(kind, caller, call, ObjectTime));

    private void ApplyCommand(ObjectCommand command)
    {
        var answers = new List<DurableAnswer>();
        if (_state.ApplyCommand(command, answers))
            _journal.NextBatch.AddCommand(command);
        if (answers.Count > 0)
            _journal.WhenWritten(() => SendAnswers(answers));
    }

    private void SendAnswers(List<DurableAnswer> answers)
    {
        foreach (var (caller, reply) in answers)
        {
            if (_callers.TryGetValue(caller, out var presence))
                presence.Actor.Tell(new DurableObjectProtocol.DurableObjectReply(_id, caller, reply));
        }
    }

    private void OnDeadline()
    {
        _timerAt = TimeSpan.MaxValue;
        ApplyCommand(ObjectCommandKind.Tick, default, 0);
        UpdateKept();
        _journal.WriteNext();
        StartTimer();
    }

    private void StartTimer()
    {
        if (_state.NextDeadline is not { } deadline || deadline >= _timerAt)
            return;
        _timerAt = deadline;
        var wait = deadline - TimeSpan.FromMilliseconds(ObjectTime);
        Timers.StartSingleTimer(
            nameof(DurableDeadlineReached), DurableDeadlineReached.Instance, wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1));
    }

    private void CheckCallers()
    {
        if (_isUnloaded || _isDeleting)
            return;
        foreach (var caller in _state.LivingCallers.Where(caller => GetSilence(caller) > Lease).ToList())
            ApplyCommand(ObjectCommandKind.Died, caller, 0);
        foreach (var caller in _callers.Keys.Where(caller => GetSilence(caller) > MemoryTime).ToList())
        {
            ApplyCommand(ObjectCommandKind.Forgotten, caller, 0);
            _callers.Remove(caller);
        }

        UpdateKept();
        _journal.WriteNext();
        StartTimer();
        if (Now - _idleSince > IdleTime)
            _journal.WhenWritten(() => UnloadObject(null));
    }

    private TimeSpan GetSilence(CallerId caller) =>
        _callers.TryGetValue(caller, out var presence) ? Now - presence.LastContact : TimeSpan.MaxValue;

    private void DeleteObject()
    {
        _isDeleting = true;
        _journal.WhenWritten(_journal.DeleteJournal);
    }

    /// <summary>Stops the object after a failure of its store. No call is answered: callers find the next owner, or time out.</summary>
    private void InterruptCallers(string reason)
    {
        PublishEvent($"cannot continue here: {reason}", isProblem: true);
        foreach (var (caller, presence) in _callers)
            presence.Actor.Tell(new DurableObjectProtocol.DurableObjectInterrupted(_id, caller, reason));
        UnloadObject(reason);
    }

    private void PublishEvent(string change, bool isProblem = false) =>
        Context.System.EventStream.Publish(new LogEvent(LogSubject.DurableQueue, _state.Spec?.Name ?? "", change, isProblem));

    private void UnloadObject(string? reason)
    {
        if (_isUnloaded)
            return;
        (_isUnloaded, _isRead) = (true, true);
        Stash.UnstashAll();
        Context.Parent.Tell(_unloadedMessage(reason));
    }

    /// <summary>The unwritten state of a caller.</summary>
    private sealed class CallerPresence
    {
        public IActorRef Actor { get; set; } = ActorRefs.Nobody;

        public TimeSpan LastContact { get; set; }

        public TimeSpan? LastRepetition { get; set; }
    }

    private sealed record CallerCheckDue
    {
        public static readonly CallerCheckDue Instance = new();
    }

    private sealed record DurableDeadlineReached
    {
        public static readonly DurableDeadlineReached Instance = new();
    }
}
