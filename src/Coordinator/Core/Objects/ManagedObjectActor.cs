using System.Diagnostics;
using Actors.Coordinator.Clients;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Actors.Coordinator.Objects;

/// <summary>
/// Runs one managed object: feeds its state and sends the answers. The sender of a call represents its process, and terminates with it.
/// </summary>
public sealed class ManagedObjectActor : UntypedActor, IWithTimers
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Callers _callers = new(Context.System);
    private readonly HashSet<Address> _addresses = [];
    private readonly List<ObjectAnswer> _answers = [];
    private readonly WaitingCharges _waiting = new(Context.System);
    private readonly ClientCharge _count;
    private readonly ClientCharge _memory;
    private readonly ObjectBacklog _backlog;
    private readonly ObjectId _id;
    private readonly IActorRef _entry;
    private IManagedObjectState _state;
    private TimeSpan _timerAt = TimeSpan.MaxValue;
    private ObjectOperation? _makesReply;

    /// <param name="id">The id of the object.</param>
    /// <param name="state">The state of the object.</param>
    /// <param name="entry">The actor to which callers send.</param>
    /// <param name="charges">The charges of the object and its values to its creator.</param>
    /// <param name="backlog">The messages in the mailbox.</param>
    public ManagedObjectActor(
        ObjectId id, IManagedObjectState state, IActorRef entry, (ClientCharge Count, ClientCharge Memory) charges,
        ObjectBacklog backlog)
    {
        (_count, _memory) = charges;
        _id = id;
        _state = state;
        _entry = entry;
        _backlog = backlog;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (var address in _addresses)
            BrokenConnections.Get(Context.System).RemoveObserver(address, Self);
        _waiting.Dispose();
        _callers.Dispose();
        _memory.Dispose();
        _count.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        _backlog.Remove(Sender, message);
        var start = Stopwatch.GetTimestamp();
        try
        {
            ApplyMessage(message);
        }
#pragma warning disable CA1031 // Stopping would drop the calls in the mailbox unanswered, so the actor stays and refuses them.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _log.Error(failure, "A managed object failed at {0}. It is removed, and later calls are refused.", message.GetType().Name);
            EndState();
            if (message is ObjectCall call && FindOrAddCaller(Sender) is { } caller)
                _state.HandleCall(caller, call, Now, _answers);
        }

        SendAnswers();
        ChargeMemory();
        StartTimer();
        _backlog.NoteDuration(Stopwatch.GetElapsedTime(start));
    }

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private void ApplyMessage(object message)
    {
        switch (message)
        {
            case ObjectCall call when FindOrAddCaller(Sender) is { } caller: HandleWithinLimits(caller, call); break;
            case ObjectCall call: Sender.Tell(CreateRefusal(call)); break;
            case ObjectReplyReceived received when FindOrAddCaller(Sender) is { } caller:
                _state.ConfirmReceipt(caller, received.Call);
                break;
            case ObjectCallAbandoned abandoned when FindOrAddCaller(Sender) is { } caller: AbandonCall(caller, abandoned.Call); break;
            case Terminated terminated: ConfirmTerminated(terminated.ActorRef); break;
            case DisassociatedEvent disconnected: ConfirmTerminatedAt(disconnected.RemoteAddress); break;
            case CallerTerminated terminated: RemoveCaller(terminated.Caller); break;
            case CallDeadlineReached: ExpireCalls(); break;
            case DescribeObject: Sender.Tell(DescribeState()); break;
            case ObjectProtocol.RemoveManagedObject when Sender.Equals(Context.Parent): RemoveObject(); break;
            case IWireMessage: RefusedMessages.ReportCurrent(Context, message); break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>
    /// Refuses a call above a limit: that of the creator for values, or that of the caller for waiting calls and for replies that are made
    /// anew.
    /// </summary>
    private void HandleWithinLimits(Caller caller, ObjectCall call)
    {
        if (call.Operation.MakesReply() && !TryMakeReply(caller, call))
            return;
        var size = _memory.IsLimited ? ObjectSizes.MeasureAdded(call) : 0;
        if (size > 0 && !_memory.TryGrow(size))
        {
            _answers.AddRefusal(caller, call, ObjectStatus.OverLimit, _memory.FormatRefusal());
            return;
        }

        var answered = _answers.Count;
        _state.HandleCall(caller, call, Now, _answers);
        if (Sender.IsLocal() || _answers.Skip(answered).Any(answer => answer.Caller == caller && answer.Reply.Call == call.Call))
            return;
        if (_waiting.TryAddCall(Sender, call.Call, size) is not { } refusal)
            return;
        _state.AbandonCall(caller, call.Call, Now, _answers);
        _answers.AddRefusal(caller, call, ObjectStatus.OverLimit, refusal);
    }

    private bool TryMakeReply(Caller caller, ObjectCall call)
    {
        if (AnswerReceipts.FindUnread(Context.System, Sender) is not { } unread)
            return true;
        if (unread.IsFull)
        {
            _answers.AddRefusal(caller, call, ObjectStatus.OverLimit, unread.FormatRefusal());
            return false;
        }

        _makesReply = call.Operation;
        return true;
    }

    private void AbandonCall(Caller caller, long call)
    {
        _waiting.RemoveCall(Sender, call);
        _state.AbandonCall(caller, call, Now, _answers);
    }

    private void ChargeMemory()
    {
        if (_memory.IsLimited)
            _memory.SetAmount(_state.Size + _waiting.Bytes);
    }

    private static ObjectReply CreateRefusal(ObjectCall call) => ObjectReply.WithReason(
        call.Call, ObjectStatus.OverLimit, ClientUsages.FormatRefusal(Context.System, Context.Sender, ClientResource.ObjectMemory));

    private Caller? FindOrAddCaller(IActorRef actor)
    {
        var caller = _callers.GetOrAdd(actor, out var isNew);
        if (isNew)
            ObserveCaller(actor);
        return caller;
    }

    private void ObserveCaller(IActorRef actor)
    {
        Context.Watch(actor);
        if (!actor.IsLocal() && _addresses.Add(actor.Path.Address))
            BrokenConnections.Get(Context.System).AddObserver(actor.Path.Address, Self);
    }

    private void RemoveCaller(IActorRef actor)
    {
        _waiting.RemoveCaller(actor);
        if (_callers.TryRemove(actor, out var caller))
            _state.RemoveCaller(caller, Now, _answers);
    }

    /// <summary>
    /// Sends the end of a caller through the entry. Its last messages may still be on that path, and termination has overtaken them.
    /// Otherwise a received item would count as not received.
    /// </summary>
    private void ConfirmTerminated(IActorRef actor) => _entry.Tell(new CallerTerminated(_id, actor));

    /// <summary>
    /// Handles a broken connection, which ends every session over it on both sides. Death watch would take seconds to detect a killed
    /// process.
    /// </summary>
    private void ConfirmTerminatedAt(Address address)
    {
        _addresses.Remove(address);
        foreach (var caller in _callers.GetActorsAt(address))
            ConfirmTerminated(Context.Unwatch(caller));
    }

    /// <summary>
    /// Removes the object and answers its waiting calls. An object that stops with its coordinator answers nothing, so that callers see the
    /// loss of the coordinator.
    /// </summary>
    private void RemoveObject()
    {
        EndState();
        Context.Stop(Self);
    }

    private ObjectDescription DescribeState()
    {
        var figures = _state.Figures;
        var holder = figures.Holder is { } caller ? _callers.FindActor(caller) : null;
        return new ObjectDescription(figures, holder is null ? "" : $"{holder.Path.Address.Host}:{holder.Path.Address.Port}");
    }

    private void ExpireCalls()
    {
        _timerAt = TimeSpan.MaxValue;
        _state.ExpireCalls(Now, _answers);
    }

    // The state is replaced first, so that a state that fails here is not called again.
    private void EndState()
    {
        var ending = _state;
        _state = new RemovedState();
        ending.EndAllCalls(_answers);
    }

    private void SendAnswers()
    {
        foreach (var answer in _answers)
        {
            if (_callers.FindActor(answer.Caller) is not { } caller)
                continue;
            _waiting.RemoveCall(caller, answer.Reply.Call);
            caller.Tell(answer.Reply);
            if (_makesReply is { } operation)
                AnswerReceipts.AddSent(Context.System, caller, ObjectSizes.MeasureMade(operation, answer.Reply));
        }

        _answers.Clear();
        _makesReply = null;
    }

    // An earlier timer is not replaced. Calls that are answered before their deadline then need no timer of their own.
    private void StartTimer()
    {
        if (_state.NextDeadline is not { } deadline || deadline >= _timerAt)
            return;
        _timerAt = deadline;
        Timers.StartSingleTimer(nameof(CallDeadlineReached), CallDeadlineReached.Instance, ToTimerDelay(deadline - Now));
    }

    private static TimeSpan ToTimerDelay(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);

    private sealed record CallDeadlineReached
    {
        public static readonly CallDeadlineReached Instance = new();
    }
}
