using System.Buffers.Binary;
using Actors.Checkers;
using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Objects;

/// <summary>
/// Programs that call one managed object of each kind. Connections are slow, break and lose their messages, and programs die. The
/// histories of the calls are checked.
/// </summary>
internal sealed partial class ObjectWorld(SimulationPlan plan, PlantedBug bug, List<string>? trace) : SimulatedWorld(plan, bug, trace)
{
    public const int Users = 4;

    /// <summary>The numbers in the shared bytes.</summary>
    public const int Cells = 3;

    private const int PermitCount = 2;
    private const int Parties = 3;
    private const int Capacity = 3;

    private readonly List<ObjectUser> _users = [];
    private readonly List<CheckedPipe> _pipes = [];
    private readonly HashSet<long> _lost = [];
    private long _lastUncertain;
    private SimulatedHost _coordinator = null!;
    private bool _mayReorder;
    private bool _isDrained;
    private int _finishes;

    public SimulatedObject Lock { get; private set; } = null!;

    public SimulatedObject Semaphore { get; private set; } = null!;

    public SimulatedObject Queue { get; private set; } = null!;

    public SimulatedObject Value { get; private set; } = null!;

    public SimulatedObject Dictionary { get; private set; } = null!;

    public SimulatedObject Barrier { get; private set; } = null!;

    public SimulatedObject List { get; private set; } = null!;

    public SimulatedObject Event { get; private set; } = null!;

    /// <summary>A queue whose items are acknowledged after they were processed.</summary>
    public SimulatedObject Tasks { get; private set; } = null!;

    /// <summary>The pipe that is in use. A closed one is replaced.</summary>
    public CheckedPipe Pipe { get; private set; } = null!;

    public LockHistory Locks { get; } = new();

    public ConditionHistory Waits { get; } = new();

    public SemaphoreHistory Permits { get; } = new(PermitCount);

    public QueueHistory Items { get; } = new();

    public QueueHistory TaskItems { get; } = new();

    public BarrierHistory Rounds { get; } = new(Parties);

    public HistoryRecorder<ValueInput, ValueOutput> Values { get; } = new();

    public HistoryRecorder<ValueInput, ValueOutput> Entries { get; } = new();

    public HistoryRecorder<ListInput, ListOutput> Lists { get; } = new();

    /// <summary>The calls on the event: 1 is set, 0 is not.</summary>
    public HistoryRecorder<ValueInput, ValueOutput> Signals { get; } = new();

    protected override TimeSpan HealingTime => TimeSpan.FromSeconds(30);

    protected override bool IsFinished => _isDrained && IsEmptied;

    /// <summary>Whether the queues and the pipe count no items. The receipt of the last ones may be under way.</summary>
    private bool IsEmptied => Queue.Size + Tasks.Size + Pipe.Object.Size == 0;

    public static ReadOnlyMemory<byte> Encode(long number)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return bytes;
    }

    public static ReadOnlyMemory<byte> Encode(QueueHistoryItem item) => Encode(item.Producer * 1000 + item.Number);

    public static QueueHistoryItem DecodeItem(ReadOnlyMemory<byte> payload)
    {
        var number = Decode(payload);
        return new QueueHistoryItem(number / 1000, number % 1000);
    }

    /// <summary>A caller has died, or its object takes it for dead. Its locks and items are free, and it must not rely on them.</summary>
    public void OnCallerLost(SimulatedPart session)
    {
        _lost.Add(session.Number);
        if (Locks.FindToken(session.Number) is { } token)
            Waits.RecordLoss(token);
        Locks.RecordDeath(session.Number);
        Permits.RecordDeath(session.Number);
        Waits.RecordDeath(session.Number);
        foreach (var history in (QueueHistory[])[Items, TaskItems, .. _pipes.Select(pipe => pipe.Messages)])
            history.RecordDeath(session.Number);
    }

    public void OnLockAcquired(SimulatedPart session, long token)
    {
        if (!_lost.Contains(session.Number))
            Locks.RecordAcquisition(session.Number, token);
        Check(Locks.Violations, Invariant.Exclusive);
        Check(Waits.Violations, Invariant.Notified);
    }

    /// <summary>After a release of the lock, a waiting program may abandon its wait while the lock is on its way to it.</summary>
    public void AbandonWaitSoon(long token)
    {
        if (Mix(token, 6) == 0 && !IsHealing)
            Schedule(TimeSpan.FromMilliseconds(1 + Mix(token, 3)), null, () => _users.Find(user => user.IsWaiting)?.AbandonWait());
    }

    /// <summary>A wait has ended without the lock.</summary>
    public void OnWaitFailed(SimulatedPart session, ObjectReply? reply)
    {
        Waits.RecordDeath(session.Number);
        Require(
            reply is null || _lost.Contains(session.Number),
            Invariant.Exclusive, $"Caller {session.Number} held the lock, and its wait ended as {reply?.Status}.");
    }

    public void OnPermitAcquired(SimulatedPart session)
    {
        if (!_lost.Contains(session.Number))
            Permits.RecordAcquisition(session.Number);
        Check(Permits.Violations, Invariant.Exclusive);
    }

    public void OnItemReply(SimulatedPart session, long get, ObjectReply? reply)
    {
        // An item may return to its position after others have passed.
        _mayReorder |= reply is null;
        if (reply is not { Status: ObjectStatus.Ok })
            return;
        Items.RecordDelivery(DecodeItem(reply.Payloads[0]), session.Number, get);
        Check(Items.Violations, Invariant.Delivery);
    }

    /// <summary>A received item was acknowledged. It is delivered unless the queue had taken the caller for dead.</summary>
    public void OnItemAcknowledged(SimulatedPart session, QueueHistoryItem item, long get, ObjectReply? reply)
    {
        if (reply is { Status: ObjectStatus.Ok })
            TaskItems.RecordDelivery(item, session.Number, get);
        else if (reply is null)
            RecordUncertainDelivery(item, get);
        else
            Require(_lost.Contains(session.Number), Invariant.Delivery, $"Caller {session.Number} no longer has the received {item}.");
        Check(TaskItems.Violations, Invariant.Delivery);
    }

    /// <summary>A program has used a pipe. One that is closed is replaced.</summary>
    public void OnPipeReply(CheckedPipe pipe, ObjectReply? reply)
    {
        pipe.MayReorder |= reply is null;
        Check(pipe.Messages.Violations, Invariant.Delivery);
        if (pipe == Pipe && reply is { Status: ObjectStatus.Broken or ObjectStatus.NotHeld })
            CreatePipe();
    }

    public void OnListReply(long call, ListInput input, ObjectReply? reply)
    {
        if (reply is null)
            return;
        var isNumber = input.Action is ListAction.Count or ListAction.IndexOf;
        var value = isNumber ? reply.Number : reply.Payloads is [var payload] ? Decode(payload) : 0;
        Lists.EndOperation(call, new ListOutput(reply.Status == ObjectStatus.Ok, value));
    }

    public void OnEventReply(long call, ObjectOperation operation, ObjectReply? reply)
    {
        if (reply is null)
            return;
        long? value = operation switch
        {
            ObjectOperation.EventIsSet => reply.Number,
            ObjectOperation.EventWait => reply.Status == ObjectStatus.Ok ? 1 : 0,
            _ => null,
        };
        Signals.EndOperation(call, new ValueOutput(true, value));
    }

    public void OnValueReply(long call, ValueInput input, ObjectReply? reply)
    {
        if (reply is null)
            return;
        long? value = reply.Payloads is [var payload] ? Decode(payload) : null;
        Values.EndOperation(call, input.Action == ValueAction.Replace && reply.Status == ObjectStatus.Ok
            ? new ValueOutput(true, input.Expected)
            : new ValueOutput(reply.Status == ObjectStatus.Ok, value));
    }

    public void OnEntryReply(long call, ValueInput input, ObjectReply? reply)
    {
        if (reply is null)
            return;
        var succeeded = reply.Status == ObjectStatus.Ok;
        long? value = reply.Payloads.IsEmpty ? null : Decode(reply.Payloads[^1]);
        Entries.EndOperation(call, input.Action switch
        {
            ValueAction.Read => new ValueOutput(true, value),
            ValueAction.Replace when succeeded => new ValueOutput(true, input.Expected),
            ValueAction.PopLast when succeeded => new ValueOutput(true, value, $"{Decode(reply.Payloads[0])}"),
            _ => new ValueOutput(succeeded, value),
        });
    }

    public void KillHost(SimulatedHost host) => Network.KillHost(host, [_coordinator]);

    protected override void StartWorld()
    {
        _coordinator = CreateHost("coordinator");
        Lock = Create(new LockState());
        Semaphore = Create(new SemaphoreState(PermitCount, PermitCount));
        Queue = Create(new QueueState(Capacity, new InsertionOrder(newestFirst: false)));
        Value = Create(new ValueState(Encode(0)));
        Dictionary = Create(new DictionaryState());
        Barrier = Create(new BarrierState(Parties));
        List = Create(new ListState([]));
        Event = Create(new EventState());
        Tasks = Create(new QueueState(Capacity, new InsertionOrder(newestFirst: false)));
        Bytes = Create(new BytesState(Cells * sizeof(long)));
        CreatePipe();
        CreateService();
        for (var i = 0; i < Users; i++)
            _users.Add(new ObjectUser(this, i));
    }

    protected override void CarryOut(PlannedStep step)
    {
        var user = step.Argument % Users;
        var argument = step.Argument / Users;
        switch (step.Kind)
        {
            case StepKind.CallObject: _users[user].CallObject(argument); break;
            case StepKind.AbandonCall: _users[user].AbandonCall(argument); break;
            case StepKind.DropMessages: Cut(user, argument, isLossy: true); break;
            case StepKind.DelayMessage: Cut(user, argument, isLossy: false); break;
            case StepKind.BreakConnection: BreakConnection(user, argument); break;
            case StepKind.CrashClient: CrashUser(user); break;
        }
    }

    protected override void HealParts() => Schedule(TimeSpan.FromMilliseconds(3500), null, FinishCalls);

    protected override void CheckEnd()
    {
        Require(_isDrained, Invariant.EveryCallEnds, $"{_users.Count(user => !user.IsIdle)} programs wait for their calls.");
        CheckDelivery(Items, _mayReorder);
        CheckDelivery(TaskItems, mayReorder: true);
        CheckDelivery(Pipe.Messages, Pipe.MayReorder);
        Check(Rounds.Violations, Invariant.Barrier);
        foreach (var cell in CellValues)
            Check(LinearizabilityChecker.FindViolation(cell.ToHistory(), new ValueModel(0)), Invariant.Linearizable);
        Check(LinearizabilityChecker.FindViolation(Values.ToHistory(), new ValueModel(0)), Invariant.Linearizable);
        Check(LinearizabilityChecker.FindViolation(Signals.ToHistory(), new ValueModel(0)), Invariant.Linearizable);
        Check(LinearizabilityChecker.FindViolation(Lists.ToHistory(), new ListModel()), Invariant.Linearizable);
        Check(LinearizabilityChecker.FindViolation(Entries.ToHistory(), new DictionaryModel()), Invariant.Linearizable);
        CheckContents();
    }

    /// <summary>Empties the objects, which are not used any more, and compares their sizes with their contents.</summary>
    private void CheckContents()
    {
        Require(IsEmptied, Invariant.Contents, $"An empty queue or pipe has the size of some items.");
        while (List.Ask(new ListRemoveAt(-1)).Status == ObjectStatus.Ok)
        {
        }

        while (Dictionary.Ask(new DictionaryPopLast()).Status == ObjectStatus.Ok)
        {
        }

        Require(List.Size == 0, Invariant.Contents, $"The empty list has {List.Size} bytes.");
        Require(Dictionary.Size == 0, Invariant.Contents, $"The empty dictionary has {Dictionary.Size} bytes.");
        Require(
            List.Ask(new ListReplaceAll(0, [])).Status == ObjectStatus.Conflict,
            Invariant.Contents, $"A list of another version was replaced.");
        CheckPermits();
        CheckBarrier();
    }

    private void CheckPermits()
    {
        var free = Semaphore.Ask(new SemaphoreCount()).Number;
        Require(free == PermitCount, Invariant.Contents, $"{free} permits are free of {PermitCount}, and nobody holds one.");
        Require(
            Semaphore.Ask(new SemaphoreRelease(1)).Status == ObjectStatus.OutOfBounds,
            Invariant.Contents, $"A bounded semaphore has more permits than its bound.");
        Semaphore.Ask(new SemaphoreWait());
        free = Semaphore.Ask(new SemaphoreCount()).Number;
        Require(free == PermitCount - 1, Invariant.Contents, $"A used permit returned with the end of its program.");
    }

    private void CheckBarrier()
    {
        Barrier.Ask(new BarrierAbort());
        Require(
            Barrier.Ask(new BarrierWait(HasAction: false)).Status == ObjectStatus.Broken,
            Invariant.Contents, $"A barrier that was aborted is not broken.");
        Barrier.Ask(new BarrierReset());
        Require(Barrier.Ask(new BarrierWaiting()).Status == ObjectStatus.Ok, Invariant.Contents, $"A barrier that was reset is broken.");
    }

    private void CheckDelivery(QueueHistory history, bool mayReorder) => Check(
        [.. history.FindViolations().Where(text => !mayReorder || !text.Contains("requested after"))], Invariant.Delivery);

    /// <summary>Records a delivery that may have failed: the item may reach another consumer.</summary>
    private void RecordUncertainDelivery(QueueHistoryItem item, long get)
    {
        var consumer = --_lastUncertain;
        TaskItems.RecordDeath(consumer);
        TaskItems.RecordDelivery(item, consumer, get);
    }

    private void CreatePipe() => _pipes.Add(Pipe = new CheckedPipe(Create(new PipeState())));

    private static long Decode(ReadOnlyMemory<byte> payload) => BinaryPrimitives.ReadInt64LittleEndian(payload.Span);

    private SimulatedObject Create(IManagedObjectState state) => new(this, _coordinator, state);

    private void Check(string? violation, Invariant invariant) => Check(violation is null ? [] : [violation], invariant);

    private void Check(IReadOnlyList<string> violations, Invariant invariant)
    {
        if (violations.Count > 0)
            throw new InvariantViolatedException(invariant, violations[0]);
    }

    /// <summary>A connection that loses messages breaks soon after; one that only delays them continues.</summary>
    private void Cut(int user, int argument, bool isLossy)
    {
        var host = _users[user].Host;
        var time = TimeSpan.FromMilliseconds(1 + argument % 900);
        Network.AddPartition(_coordinator, host, time, isLossy, isOneWay: argument % 3 == 0);
        if (isLossy)
            Schedule(time, null, () => Network.BreakConnection(_coordinator, host, 1 + argument % 700, 1 + argument / 3 % 700));
    }

    private void BreakConnection(int user, int argument) =>
        Network.BreakConnection(_coordinator, _users[user].Host, 1 + argument % 2000, 1 + argument / 7 % 2000);

    private void CrashUser(int user)
    {
        _users[user].Crash();
        _users[user] = new ObjectUser(this, user);
    }

    /// <summary>
    /// The programs release all that they hold, and the queues and the pipe are emptied. Then the waits on the condition and on messages
    /// end.
    /// </summary>
    private void FinishCalls()
    {
        foreach (var user in _users)
            user.ReleaseAll();
        if (_finishes < 20)
            _users[^1].StartServing();
        if (!_users[0].IsConnected || !_users[1].IsConnected || !_users[2].IsConnected)
        {
            Schedule(TimeSpan.FromMilliseconds(100), null, FinishCalls);
            return;
        }

        var (isDone, waiting) = (true, 3);
        _users[0].GetItem(0, reply => Finish(reply is { Status: ObjectStatus.Empty }));
        _users[0].ReceiveItem(0, reply => Finish(reply is { Status: ObjectStatus.Empty }));
        _users[2].ReceiveMessage(0, reply => Finish(reply is { Status: ObjectStatus.TimedOut }));

        void Finish(bool isEmpty)
        {
            isDone &= isEmpty;
            if (--waiting > 0)
                return;
            _isDrained = isDone && _users.TrueForAll(user => user.IsIdle);
            if (!_isDrained)
                Schedule(TimeSpan.FromMilliseconds(100), null, ++_finishes == 20 ? EndWaits : FinishCalls);
        }
    }

    /// <summary>Ends the waits that nobody would end. All notifications have arrived by now.</summary>
    private void EndWaits()
    {
        Check(Waits.FindViolations(), Invariant.Notified);
        _users.Find(user => user.IsConnected)?.AbortBarrier();
        foreach (var user in _users)
            user.EndServing();
        if (_users.Exists(user => user.IsWaiting))
            _users.Find(user => !user.IsWaiting && user.IsConnected)?.WakeWaiting();
        _users[0].ClosePipe();
        _users[1].ClosePipe();
        FinishCalls();
    }
}
