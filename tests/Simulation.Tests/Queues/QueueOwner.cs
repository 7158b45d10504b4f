using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Queues;

/// <summary>Mirrors <c>DurableObjectActor</c>: the real state and journal of one durable queue, at its owner.</summary>
internal sealed class QueueOwner : SimulatedPart
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly QueueWorld _world;
    private readonly ObjectJournal _journal;
    private readonly SortedDictionary<CallerId, Presence> _callers = new(
        Comparer<CallerId>.Create((left, right) => left.Value.CompareTo(right.Value)));

    private DurableObjectState _state = new();
    private TimeSpan _timerAt = TimeSpan.MaxValue;
    private long _lastNumber;
    private bool _isRead;

    public QueueOwner(QueueWorld world, SimulatedHost host)
        : base(world, host)
    {
        _world = world;
        _journal = new ObjectJournal(OnJournal, new SimulatedClock(world), () => _state, world.SnapshotInterval);
        RunAfter(2, StartObject);
    }

    /// <summary>The bytes of the items, keys, callers and calls.</summary>
    public long Size => _state.Size;

    /// <summary>Whether any item is stored or held, or any caller or call is known.</summary>
    public bool HasItems => _state.Spec is not null && _state.ToSnapshot().Queue is not { Items: [], Delivered: [], Leases: [] };

    private long Milliseconds => (long)Now.TotalMilliseconds;

    public override void Receive(object message, SimulatedPart sender)
    {
        // A message before the journal is read waits at the owner. Its loss is as good.
        if (!_isRead || message is not DurableObjectProtocol.ICallerMessage call)
            return;
        var presence = GetOrAddPresence(call.Caller);
        (presence.LastContact, presence.Part) = (Now, sender);
        switch (message)
        {
            case DurableObjectProtocol.CallDurableObject ask when _state.IsNext(ask):
                ApplyCommand(DurableCommands.FromCall(ask, Milliseconds));
                break;
            case DurableObjectProtocol.DurableReplyReceived received:
                ApplyCommand(ObjectCommandKind.Received, received.Caller, received.Call);
                break;
            case DurableObjectProtocol.DurableCallAbandoned abandoned:
                ApplyCommand(ObjectCommandKind.Abandoned, abandoned.Caller, abandoned.Call);
                break;
            case DurableObjectProtocol.CallerHeartbeat here: AnswerComparison(here, sender); break;
        }

        WriteNext();
    }

    /// <summary>The owner takes a caller for dead.</summary>
    public void SuspectCaller(CallerId caller)
    {
        if (!_isRead)
            return;
        ApplyCommand(ObjectCommandKind.Died, caller, 0);
        WriteNext();
    }

    private void StartObject()
    {
        _lastNumber = _world.Store.LastNumber;
        foreach (var record in _world.Store.ReadAll())
        {
            if (record is ObjectSnapshot snapshot)
                _state = DurableObjectState.FromSnapshot(snapshot);
            foreach (var command in record is ObjectRecord written ? written.Commands : [])
                _state.ApplyCommand(command, []);
        }

        foreach (var caller in _state.Callers)
        {
            var silence = Milliseconds - (_state.GetDeadSince(caller) ?? Milliseconds);
            GetOrAddPresence(caller).LastContact = Now - TimeSpan.FromMilliseconds(silence);
        }

        if (_state.Spec is not null)
            _journal.NextBatch.AddFence();
        _journal.WhenWritten(() => _isRead = true);
        WriteNext();
        RunAfter(CheckInterval, CheckCallers);
    }

    private Presence GetOrAddPresence(CallerId caller) =>
        _callers.TryGetValue(caller, out var presence) ? presence : _callers[caller] = new Presence(Now);

    private void AnswerComparison(DurableObjectProtocol.CallerHeartbeat here, SimulatedPart sender)
    {
        foreach (var command in _state.GetCommands(here, Milliseconds))
            ApplyCommand(command);
        var answers = _state.GetAnswers(here).ConvertAll(reply => new DurableAnswer(here.Caller, reply));
        var confirmation = new DurableObjectProtocol.CallerHeartbeatReply(
            QueueWorld.Id, here.Caller, here.Number, _state.GetUnknown(here));
        _journal.WhenWritten(() =>
        {
            SendAnswers(answers);
            Send(sender, confirmation);
        });
    }

    private void ApplyCommand(ObjectCommandKind kind, CallerId caller, long call) =>
        ApplyCommand(ObjectCommand.WithoutCall(kind, caller, call, Milliseconds));

    private void ApplyCommand(ObjectCommand command)
    {
        if (command.Kind is ObjectCommandKind.Died or ObjectCommandKind.Forgotten)
            _world.OnCallerLost(command.Caller);
        var answers = new List<DurableAnswer>();
        if (_state.ApplyCommand(command, answers))
            _journal.NextBatch.AddCommand(command);
        if (answers.Count == 0)
            return;
        if (_world.Bug == PlantedBug.AnswerBeforeWrite)
            SendAnswers(answers);
        else
            _journal.WhenWritten(() => SendAnswers(answers));
    }

    private void SendAnswers(List<DurableAnswer> answers)
    {
        foreach (var (caller, reply) in answers)
        {
            if (_callers.TryGetValue(caller, out var presence) && presence.Part is { } part)
                Send(part, new DurableObjectProtocol.DurableObjectReply(QueueWorld.Id, caller, reply));
        }
    }

    private void WriteNext()
    {
        _journal.WriteNext();
        StartTimer();
    }

    private void StartTimer()
    {
        if (_state.NextDeadline is not { } deadline || deadline >= _timerAt)
            return;
        _timerAt = deadline;
        var wait = deadline - TimeSpan.FromMilliseconds(Milliseconds);
        RunAfter(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), () =>
        {
            _timerAt = TimeSpan.MaxValue;
            ApplyCommand(ObjectCommandKind.Tick, default, 0);
            WriteNext();
        });
    }

    private void CheckCallers()
    {
        foreach (var caller in _state.LivingCallers.Where(caller => GetSilence(caller) > ProtocolTimes.CallerLease).ToList())
            ApplyCommand(ObjectCommandKind.Died, caller, 0);
        foreach (var caller in _callers.Keys.Where(caller => GetSilence(caller) > ProtocolTimes.CallerMemory).ToList())
        {
            ApplyCommand(ObjectCommandKind.Forgotten, caller, 0);
            _callers.Remove(caller);
        }

        WriteNext();
        RunAfter(CheckInterval, CheckCallers);
    }

    private TimeSpan GetSilence(CallerId caller) =>
        _callers.TryGetValue(caller, out var presence) ? Now - presence.LastContact : TimeSpan.MaxValue;

    private void OnJournal(object message)
    {
        if (message is JournalProtocol.SaveSnapshot snapshot)
            _world.Store.SaveSnapshot(this, _lastNumber, snapshot.State);
        if (message is JournalProtocol.WriteRecord write)
            _world.Store.Write(this, ++_lastNumber, write.Record, OnWritten);
    }

    private void OnWritten(bool isWritten)
    {
        if (isWritten)
        {
            _journal.OnWritten();
            return;
        }

        foreach (var (caller, presence) in _callers.Where(caller => caller.Value.Part is not null))
            Send(presence.Part!, new DurableObjectProtocol.DurableObjectInterrupted(QueueWorld.Id, caller, "The write failed."));
        _world.ReplaceOwner(this);
    }

    private sealed class Presence(TimeSpan now)
    {
        public SimulatedPart? Part { get; set; }

        public TimeSpan LastContact { get; set; } = now;
    }
}
