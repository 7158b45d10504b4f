using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Coordinator.Objects.Durable;

/// <summary>
/// One durable object: feeds its state, and answers when what it was told is written. Callers that are not heard of for a while count as dead; without any
/// caller it unloads, and is read again when it is called.
/// </summary>
internal sealed class DurableObjectActor : ReceiveActor, IWithTimers, IWithStash
{
    /// <summary>What the journals of objects begin with.</summary>
    public const string JournalPrefix = "object-";

    /// <summary>Callers say every half a second that they live, or every two.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    /// <summary>What a silent caller has put in is remembered for so long: until then a call of it may come again.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(60);

    private readonly Dictionary<CallerId, Presence> _present = [];
    private readonly ObjectId _id;
    private readonly Func<string?, object> _farewell;
    private readonly ObjectJournal _journal;
    private readonly TimeProvider _clock;
    private DurableObjectState _state = new();
    private TimeSpan _timerAt = TimeSpan.MaxValue;
    private TimeSpan _beganAt;
    private TimeSpan _idleSince;
    private long _beganMilliseconds;
    private bool _isRead;
    private bool _isDeleting;
    private bool _isUnloaded;

    /// <param name="id">The object.</param>
    /// <param name="plugins">Where it writes.</param>
    /// <param name="clock">Tells the time of day.</param>
    /// <param name="farewell">
    /// What it tells its parent when it may be stopped, given why if something is wrong; until then the parent sends on.
    /// </param>
    public DurableObjectActor(ObjectId id, JournalPlugins plugins, TimeProvider clock, Func<string?, object> farewell)
    {
        (_id, _clock, _farewell) = (id, clock, farewell);
        var (self, name) = (Self, JournalPrefix + id.WithoutStoreNumber());
        var writer = Context.ActorOf(Props.Create(() => new JournalActor(name, self, plugins)), "journal");
        _journal = new ObjectJournal(writer, self, clock, () => _state);
        Receive<JournalProtocol.Read>(read => Read(read.Record));
        Receive<JournalProtocol.Recovered>(_ => Begin());
        Receive<JournalProtocol.Written>(_ => _journal.Written());
        Receive<JournalProtocol.Grows>(grows => Publish($"durable queue '{_state.Spec?.Name}': {grows.Reason}"));
        Receive<JournalProtocol.Deleted>(_ => Unload(null));
        Receive<JournalProtocol.Failed>(failed => Interrupt($"The durable queue{(_state.Spec is { } spec ? $" '{spec.Name}'" : "")} {failed.Reason}"));
        Receive<Look>(_ => LookAtCallers());
        Receive<Due>(_ => Tick());
        Receive<DurableObjectsActor.Unload>(_ => _journal.WhenWritten(() => Unload(null)));
        Receive<DurableObjectProtocol.ICallerMessage>(_ => !_isRead, _ => Stash.Stash());
        Receive<DurableObjectProtocol.ICallerMessage>(_ => _isUnloaded || _isDeleting, _ => { });
        Receive<DurableObjectProtocol.ICallerMessage>(Hear);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <summary>The object's time: that of the day, but it goes on evenly, and never back.</summary>
    private long Milliseconds => _beganMilliseconds + (long)(Now - _beganAt).TotalMilliseconds;

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Read(object record)
    {
        if (record is ObjectSnapshot snapshot)
            _state = DurableObjectState.Restore(snapshot);
        foreach (var command in record is ObjectRecord next ? next.Commands : [])
            _state.Apply(command, []);
    }

    /// <summary>The first thing is to write: whoever had the journal before can write nothing any more.</summary>
    private void Begin()
    {
        (_beganAt, _idleSince) = (Now, Now);
        _beganMilliseconds = Math.Max(_state.LastAt, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        // Who was dead has been silent since, whoever had the object meanwhile: else one that is read often would remember them all.
        foreach (var caller in _state.Callers)
            _present[caller] = new Presence { HeardAt = Now - TimeSpan.FromMilliseconds(_beganMilliseconds - (_state.DeadSince(caller) ?? _beganMilliseconds)) };
        if (_state.Spec is { } spec)
        {
            _journal.Next.Fence();
            _journal.WhenWritten(() => Publish($"durable queue '{spec.Name}': is here"));
        }

        _journal.Flush();
        _journal.WhenWritten(() => _isRead = true);
        _journal.WhenWritten(Stash.UnstashAll);
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, TimeSpan.FromSeconds(1));
    }

    private void Hear(DurableObjectProtocol.ICallerMessage message)
    {
        var presence = PresenceOf(message.Caller);
        (presence.HeardAt, presence.At) = (Now, Sender);
        _idleSince = Now;
        switch (message)
        {
            case DurableObjectProtocol.CallDurableObject ask: Call(ask); break;
            case DurableObjectProtocol.DurableReplyReceived received: Tell(ObjectCommandKind.Received, received.Caller, received.Call); break;
            case DurableObjectProtocol.DurableCallAbandoned abandoned: Tell(ObjectCommandKind.Abandoned, abandoned.Caller, abandoned.Call); break;
            case DurableObjectProtocol.CallerHeartbeat here: Compare(here); break;
            default: Unhandled(message); break;
        }

        _journal.Flush();
        StartTimer();
    }

    private Presence PresenceOf(CallerId caller) =>
        _present.TryGetValue(caller, out var presence) ? presence : _present[caller] = new Presence();

    private void Call(DurableObjectProtocol.CallDurableObject ask)
    {
        // One that was asked before, or one before whose turn: the caller says what it waits for, and hears of it then.
        if (!_state.IsNext(ask))
            return;
        var wasThere = _state.Spec is not null;
        Tell(DurableCommands.Of(ask, Milliseconds));
        if (!wasThere && _state.Spec is { } spec)
            _journal.WhenWritten(() => Publish($"durable queue '{spec.Name}': is made here"));
        if (ask.Call.Operation == ObjectOperation.Delete)
            Delete();
    }

    private void Compare(DurableObjectProtocol.CallerHeartbeat here)
    {
        foreach (var command in _state.Compare(here, Milliseconds))
            Tell(command);
        var answers = _state.AnswersTo(here).ConvertAll(reply => new DurableAnswer(here.Caller, reply));
        var heard = new DurableObjectProtocol.CallerHeartbeatReply(_id, here.Caller, here.Number, _state.Unknown(here));
        var sender = Sender;
        _journal.WhenWritten(() =>
        {
            Send(answers);
            sender.Tell(heard);
        });
    }

    private void Tell(ObjectCommandKind kind, CallerId caller, long call) => Tell(ObjectCommand.WithoutCall(kind, caller, call, Milliseconds));

    private void Tell(ObjectCommand command)
    {
        var answers = new List<DurableAnswer>();
        if (_state.Apply(command, answers))
            _journal.Next.Add(command);
        if (answers.Count > 0)
            _journal.WhenWritten(() => Send(answers));
    }

    private void Send(List<DurableAnswer> answers)
    {
        foreach (var (caller, reply) in answers)
        {
            if (_present.TryGetValue(caller, out var presence))
                presence.At.Tell(new DurableObjectProtocol.DurableObjectReply(_id, caller, reply));
        }
    }

    private void Tick()
    {
        _timerAt = TimeSpan.MaxValue;
        Tell(ObjectCommandKind.Tick, default, 0);
        _journal.Flush();
        StartTimer();
    }

    private void StartTimer()
    {
        if (_state.NextDeadline is not { } deadline || deadline >= _timerAt)
            return;
        _timerAt = deadline;
        var wait = deadline - TimeSpan.FromMilliseconds(Milliseconds);
        Timers.StartSingleTimer(nameof(Due), Due.Instance, wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1));
    }

    private void LookAtCallers()
    {
        if (_isUnloaded || _isDeleting)
            return;
        foreach (var caller in _state.Living.Where(caller => Silence(caller) > Lease).ToList())
            Tell(ObjectCommandKind.Died, caller, 0);
        foreach (var caller in _present.Keys.Where(caller => Silence(caller) > Memory).ToList())
        {
            Tell(ObjectCommandKind.Forgotten, caller, 0);
            _present.Remove(caller);
        }

        _journal.Flush();
        StartTimer();
        if (Now - _idleSince > IdleTime)
            _journal.WhenWritten(() => Unload(null));
    }

    private TimeSpan Silence(CallerId caller) => _present.TryGetValue(caller, out var presence) ? Now - presence.HeardAt : TimeSpan.MaxValue;

    private void Delete()
    {
        _isDeleting = true;
        _journal.WhenWritten(_journal.Delete);
    }

    /// <summary>Nobody is answered: whoever waits finds the object where it is next, or not in time.</summary>
    private void Interrupt(string reason)
    {
        Publish($"durable queue '{_state.Spec?.Name}': cannot go on here: {reason}");
        foreach (var (caller, presence) in _present)
            presence.At.Tell(new DurableObjectProtocol.DurableObjectInterrupted(_id, caller, reason));
        Unload(reason);
    }

    private static void Publish(string news) => Context.System.EventStream.Publish(new News(news));

    private void Unload(string? reason)
    {
        if (_isUnloaded)
            return;
        (_isUnloaded, _isRead) = (true, true);
        Stash.UnstashAll();
        Context.Parent.Tell(_farewell(reason));
    }

    /// <summary>What is known of a caller besides what is written.</summary>
    private sealed class Presence
    {
        public IActorRef At { get; set; } = ActorRefs.Nobody;

        public TimeSpan HeardAt { get; set; }
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }
}
