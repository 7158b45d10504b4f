using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>Clients, coordinators, nodes and workers of one pool, and the faults that befall them.</summary>
internal sealed partial class PoolWorld : SimulatedWorld
{
    private readonly List<SimulatedCoordinator> _coordinators = [];
    private readonly List<SimulatedNode> _nodes = [];
    private readonly PoolSpec _spec;
    private readonly HashSet<SimulatedCoordinator> _removed = [];
    private readonly List<ClientPlace> _places = [];
    private bool _isClosing;

    public PoolWorld(SimulationPlan plan, PlantedBug bug, List<string>? trace, bool isDurable = false, PoolParts? parts = null)
        : base(plan, bug, trace)
    {
        Parts = parts ?? PoolParts.Current;
        var variant = plan.Variant;
        _spec = new PoolSpec(
            2 + variant % 3, BundleId.ThisProcess, null, default, variant % 4 == 1 ? 3 : 0, 0, 400,
            isDurable ? 0 : 60_000, Name: PoolName, IsDurable: isDurable)
        {
            Initializer = variant % 5 == 2 ? JobBehavior.Function : null,
            CancelsOn = variant % 3 == 1 ? CancellationTriggers.All : CancellationTriggers.None,
        };
        CoordinatorCount = isDurable ? 3 : 1 + variant / 4 % 2;
        Store = new SimulatedStore(this);
    }

    public const string PoolName = "pool";

    /// <summary>The bytes of records between two snapshots: few, so that pools are often read from snapshots.</summary>
    public long SnapshotInterval => (Plan.Variant % 3) switch { 0 => 100, 1 => 2000, _ => long.MaxValue };

    public PoolParts Parts { get; }

    public IReadOnlyList<SimulatedCoordinator> Coordinators => _coordinators;

    protected override TimeSpan HealingTime => TimeSpan.FromSeconds(150);

    protected override bool IsFinished
    {
        get
        {
            if (_successions > 0 || Clients.Any(IsBusy) || _left.Exists(IsLeaving) || (Store.Pending.Any() && !IsForgotten))
                return false;
            if (!_isClosing && UnknownWorkers.Any())
                return false;
            if (!_isClosing)
                CloseAll();
            return Clients.All(client => client.HasEnded) && !LiveWorkers.Any() && IsStoreSettled && !Store.Pending.Any();
        }
    }

    /// <summary>
    /// Whether nothing loads the durable pool: it could not be written while it had no program. It waits for the next one.
    /// </summary>
    private bool IsForgotten => Clients.All(client => client.HasEnded) && Store.LastWriter is { IsStopped: true };

    private static bool IsBusy(ISimulatedClient client) => !client.HasEnded && (client.Pending > 0 || !client.Host.IsAlive);

    private static bool IsLeaving(ISimulatedClient client) => client.Host.IsAlive && !client.HasEnded;

    private IEnumerable<ISimulatedClient> Clients => _places.Select(place => place.Client);

    private int CoordinatorCount { get; }

    private IEnumerable<ISimulatedWorker> LiveWorkers => _nodes.SelectMany(node => node.Workers).Where(worker => !worker.Process.HasExited);

    /// <summary>The workers that run and that no pool knows.</summary>
    private IEnumerable<ISimulatedWorker> UnknownWorkers => LiveWorkers.Where(
        worker => !_coordinators.SelectMany(coordinator => coordinator.Pools).Any(pool => pool.HasWorker(worker.Id)));

    private IEnumerable<SimulatedHost> Hosts =>
        _coordinators.Select(coordinator => coordinator.Host).Concat(_nodes.Select(node => node.Host))
            .Concat(Clients.Concat(_left).Select(client => client.Host));

    /// <summary>The coordinator that a client tries next.</summary>
    public SimulatedCoordinator? ChooseCoordinator(SimulatedCoordinator? last)
    {
        var living = _coordinators.Where(coordinator => coordinator.Host.IsAlive).ToList();
        return living.Find(coordinator => coordinator != last) ?? living.FirstOrDefault();
    }

    public void KillHost(SimulatedHost host)
    {
        Network.KillHost(host, Hosts.Where(other => other.IsAlive));
        Store.LoseUnsynced(host);
    }

    protected override void StartWorld()
    {
        for (var i = 0; i < CoordinatorCount; i++)
            _coordinators.Add(new SimulatedCoordinator(this, $"coordinator{i}"));
        for (var i = 0; i < 2; i++)
            _nodes.Add(new SimulatedNode(this, $"node{i}"));
        StartClients();
    }

    protected override void CarryOut(PlannedStep step)
    {
        var argument = step.Argument;
        switch (step.Kind)
        {
            case StepKind.Submit: SubmitJobs(argument); break;
            case StepKind.Cancel: _ = Clients.Any(client => client.CancelJob(ChooseJob(argument))); break;
            case StepKind.Withdraw:
                foreach (var client in Clients.ToList())
                    client.WithdrawJob(ChooseJob(argument));
                break;
            case StepKind.ClosePool: CloseEarly(argument); break;
            case StepKind.DropMessages or StepKind.DuplicateMessage or StepKind.DelayMessage: Network.AddFault(step.Kind, argument); break;
            case StepKind.BreakConnection: BreakConnection(argument); break;
            case StepKind.Partition: AddPartition(argument); break;
            case StepKind.CrashWorker: ChooseWorker(argument)?.Process.Kill(); break;
            case StepKind.HangWorker: ChooseWorker(argument)?.Process.Hang(); break;
            case StepKind.LoseFrame: ChooseWorker(argument)?.Process.LoseFrame(); break;
            case StepKind.FailWorkerStart: _nodes[argument % _nodes.Count].FailNextStart(); break;
            case StepKind.CrashNode: CrashNode(argument % _nodes.Count); break;
            case StepKind.DrainNode: DrainNode(argument % _nodes.Count); break;
            case StepKind.CrashCoordinator: CrashCoordinator(argument % _coordinators.Count); break;
            default: CarryOutDurable(step); break;
        }
    }

    protected override void HealParts()
    {
        // A function that never returns needs a timeout, a cancellation or a kill.
        foreach (var worker in LiveWorkers.Where(worker => worker.Process.IsHung).ToList())
            worker.Process.Kill();
    }

    private void SubmitJobs(int argument)
    {
        var place = ChoosePlace(argument / 8);
        for (var i = 0; place.Client.CanSubmit && i < 1 + argument % 4; i++)
            place.Client.SubmitJob(CreateJob(place, Mix(++_lastNumber * 7, 10_000)));
    }

    /// <summary>The job never returns, so a user cancels it once; after a crash of the user's program, the next one does.</summary>
    private void CancelLater(JobId job, TimeSpan delay, ISimulatedClient? canceledBy = null) => Schedule(delay, null, () =>
    {
        if (_history.HasEnded(job.Value) || (_spec.IsDurable && !Store.Pending.Contains(job) && Store.HasAccepted(job)))
            return;
        if (Clients.FirstOrDefault(client => client != canceledBy && client.CancelJob(job)) is { } client)
            canceledBy = client;
        else if (_spec.IsDurable && !Clients.Contains(canceledBy))
            CancelByTool(job);
        CancelLater(job, TimeSpan.FromSeconds(2), canceledBy);
    });

    private void CloseEarly(int argument)
    {
        var client = ChoosePlace(argument / 8).Client;
        if (!client.Host.IsAlive)
            return;
        (_isTerminated, _withdrawsAll) = (argument == 0 && !_spec.IsDurable, _withdrawsAll || argument == 1);
        if (_isTerminated)
            client.TerminatePool();
        else
            client.ClosePool(cancelPending: argument == 1);
        _isClosing |= !_spec.IsDurable;
    }

    private void CloseAll()
    {
        _isClosing = true;
        if (_spec.IsDurable && (IsClosedByName || Plan.Variant % 2 == 0 || IsForgotten))
        {
            CloseUntilEnded();
            return;
        }

        foreach (var client in Clients.Where(client => !client.HasEnded).ToList())
            client.ClosePool(cancelPending: false);
    }

    private ClientPlace ChoosePlace(int argument) => _places[argument % _places.Count];

    /// <summary>Chooses one of the last submitted jobs.</summary>
    private JobId ChooseJob(int argument) => _submitted.Count == 0 ? default : _submitted[Math.Max(0, _submitted.Count - 1 - argument % 8)];

    private ISimulatedWorker? ChooseWorker(int argument)
    {
        var workers = LiveWorkers.ToList();
        return workers.Count == 0 ? null : workers[argument % workers.Count];
    }

    private void BreakConnection(int argument)
    {
        var coordinator = _coordinators[argument % _coordinators.Count].Host;
        var other = argument % 5 == 0 ? ChoosePlace(argument / 5).Client.Host : _nodes[argument / 5 % _nodes.Count].Host;
        CountBreak(other);
        Network.BreakConnection(coordinator, other, 1 + argument / 10 % 2500, 1 + argument / 7 % 2500);
    }

    private void AddPartition(int argument)
    {
        var coordinator = _coordinators[argument % _coordinators.Count].Host;
        var other = argument % 5 == 0 ? ChoosePlace(argument / 5).Client.Host : _nodes[argument / 5 % _nodes.Count].Host;
        var time = TimeSpan.FromMilliseconds(200 + argument % 6000);
        // During a cut TCP delays the messages, or the connection breaks.
        var isLossy = argument % 2 == 0;
        Network.AddPartition(coordinator, other, time, isLossy, isOneWay: argument % 3 == 0);
        if (!isLossy)
            return;
        CountBreak(other);
        Schedule(time, null, () => Network.BreakConnection(coordinator, other, 1, 1 + argument % 300));
    }

    private void CountBreak(SimulatedHost host)
    {
        if (Clients.Any(client => client.Host == host))
            _clientBreaks++;
    }

    private void CrashNode(int index)
    {
        // Its replacement has not started yet.
        if (!_nodes[index].Host.IsAlive)
            return;
        KillHost(_nodes[index].Host);
        var name = $"{_nodes[index].Host.Name}'";
        Schedule(TimeSpan.FromMilliseconds(400), null, () => _nodes[index] = new SimulatedNode(this, name));
    }

    /// <summary>The node ends its running jobs, and its replacement joins.</summary>
    private void DrainNode(int index)
    {
        var node = _nodes[index];
        foreach (var session in node.Sessions.ToArray())
            session.StartDraining();
        Schedule(TimeSpan.FromSeconds(1), null, () => _nodes.Add(new SimulatedNode(this, $"{node.Host.Name}+")));
    }
}
