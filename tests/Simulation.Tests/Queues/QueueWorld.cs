using Actors.Checkers;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Simulation.Tests.Kernel;
using Actors.Simulation.Tests.Objects;

namespace Actors.Simulation.Tests.Queues;

/// <summary>
/// Programs that use one durable queue, with its owner and its store. Messages are lost, doubled and delayed, owners crash, writes fail,
/// and programs die or are taken for dead.
/// </summary>
internal sealed partial class QueueWorld(SimulationPlan plan, PlantedBug bug, List<string>? trace) : SimulatedWorld(plan, bug, trace)
{
    public static readonly ObjectId Id = ObjectId.FromDurableName("queue", 0);
    public static readonly DurableObjectSpec Spec = new("queue", ObjectKind.Queue, "ManagedQueue<long>");

    private const int Programs = 3;

    private readonly List<QueueProgram> _programs = [];
    private long _lastConsumer;
    private bool _isDrained;
    private bool _hasLeft;

    public QueueStore Store { get; private set; } = null!;

    /// <summary>The owner of the queue; a stopped one until the next one runs.</summary>
    public QueueOwner Owner { get; private set; } = null!;

    /// <summary>The bound of the queue; 0 for none.</summary>
    public long Capacity => Plan.Variant % 2 == 0 ? 0 : 1 + Plan.Variant / 2 % 4;

    /// <summary>The bytes written between two snapshots.</summary>
    public long SnapshotInterval => (Plan.Variant % 3) switch { 0 => 1, 1 => 1500, _ => 1 << 20 };

    /// <summary>Whether items are put with keys.</summary>
    public bool HasKeys => Plan.Variant / 10 % 3 > 0;

    /// <summary>Whether nothing returns to the queue, so the items of each producer keep their order.</summary>
    public bool KeepsOrder => Plan.Variant / 30 % 3 == 0;

    protected override TimeSpan HealingTime => TimeSpan.FromMinutes(12);

    protected override bool IsFinished => _hasLeft && (HasKeys ? !Owner.HasItems : Owner.Size == 0);

    public long NextConsumer() => ++_lastConsumer;

    /// <summary>The queue takes a program for dead, or knows of its end. Its items are free, and it must not rely on them.</summary>
    public void OnCallerLost(CallerId caller)
    {
        if (_programs.Find(program => program.Id == caller) is not { } program)
            return;
        _mayReorder |= !program.IsIdle;
        Items.RecordDeath(program.Consumer);
        program.RenewConsumer();
    }

    /// <summary>The owner cannot write. Another one reads the queue.</summary>
    public void ReplaceOwner(QueueOwner owner)
    {
        owner.Stop();
        Schedule(TimeSpan.FromMilliseconds(50), null, () =>
        {
            if (Owner == owner)
                StartOwner();
        });
    }

    protected override void StartWorld()
    {
        Store = new QueueStore(this);
        StartOwner();
        for (var i = 0; i < Programs; i++)
            _programs.Add(new QueueProgram(this, CreateHost($"program{i}")));
    }

    protected override void CarryOut(PlannedStep step)
    {
        var (index, argument) = (step.Argument % Programs, step.Argument / Programs);
        switch (step.Kind)
        {
            case StepKind.CallObject: _programs[index].CallQueue(argument); break;
            case StepKind.AbandonCall when !KeepsOrder: _programs[index].AbandonCall(argument); break;
            case StepKind.DropMessages or StepKind.DuplicateMessage or StepKind.DelayMessage:
                // An even argument means messages with jobs.
                Network.AddFault(step.Kind, step.Argument | 1);
                break;
            case StepKind.Partition:
                Network.AddPartition(
                    Owner.Host, _programs[index].Host, TimeSpan.FromMilliseconds(argument % 9000), isLossy: true, argument % 3 == 0);
                break;
            case StepKind.CrashCoordinator: CrashOwner(argument); break;
            case StepKind.FailWrite: Store.FailWrite(); break;
            case StepKind.CrashClient when !KeepsOrder: ReplaceProgram(index, isCrash: true); break;
            case StepKind.LeaveClient when _programs[index].IsIdle: ReplaceProgram(index, isCrash: false); break;
            case StepKind.SuspectCaller when !KeepsOrder: Owner.SuspectCaller(_programs[index].Id); break;
        }
    }

    /// <summary>The items of dead programs return to the queue when the queue takes these for dead.</summary>
    protected override void HealParts()
    {
        if (Owner.IsStopped)
            StartOwner();
        Schedule(ProtocolTimes.CallerLease + TimeSpan.FromSeconds(4), null, () =>
        {
            CheckOrder();
            DrainQueue();
        });
    }

    protected override void CheckEnd()
    {
        Require(_isDrained, Invariant.EveryCallEnds, $"{_programs.Count(program => !program.IsIdle)} programs wait for their calls.");
        Require(_programs.TrueForAll(program => program.HasLeft), Invariant.EveryCallEnds, $"The queue does not confirm a program's end.");
        CheckItems();
        Require(!Owner.HasItems, Invariant.Contents, $"The empty queue has items.");
        Require(HasKeys || Owner.Size == 0, Invariant.Contents, $"The queue without items and callers has {Owner.Size} bytes.");
    }

    private void StartOwner() => Owner = new QueueOwner(this, CreateHost("owner"));

    /// <summary>The owner crashes. Programs learn of it late or never, and another owner reads the queue.</summary>
    private void CrashOwner(int argument)
    {
        if (Owner.IsStopped)
            return;
        var crashed = Owner;
        Network.KillHost(crashed.Host, argument % 2 == 0 ? [] : _programs.Select(program => program.Host));
        Schedule(TimeSpan.FromMilliseconds(1 + argument % 1500), null, () =>
        {
            if (Owner == crashed)
                StartOwner();
        });
    }

    private void ReplaceProgram(int index, bool isCrash)
    {
        var program = _programs[index];
        if (isCrash)
        {
            Items.RecordDeath(program.Consumer);
            program.Host.Kill();
            program.EndCalls();
        }
        else
        {
            program.LeaveQueue();
        }

        _programs[index] = new QueueProgram(this, CreateHost($"program{index}"));
    }

    /// <summary>The programs end their waits, and one takes all items. Then all leave.</summary>
    private void DrainQueue()
    {
        foreach (var program in _programs)
            program.FinishCalls();
        if (Owner.IsStopped || Owner.HasItems || !_programs.TrueForAll(program => program.IsIdle))
        {
            _programs[0].DrainQueue();
            // No fraction of the interval of comparisons. Otherwise each compared call could be abandoned with its comparison.
            Schedule(TimeSpan.FromMilliseconds(130), null, DrainQueue);
            return;
        }

        _isDrained = true;
        foreach (var program in _programs)
            program.LeaveQueue();
        LeaveSoon();
    }

    private void LeaveSoon()
    {
        _hasLeft = _programs.TrueForAll(program => program.HasLeft);
        if (!_hasLeft)
            Schedule(TimeSpan.FromSeconds(1), null, LeaveSoon);
    }
}
