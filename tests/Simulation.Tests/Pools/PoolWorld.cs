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
    private bool _isClosing;

    public PoolWorld(SimulationPlan plan, PlantedBug bug, List<string>? trace, bool isDurable = false, PoolParts? parts = null)
        : base(plan, bug, trace)
    {
        Parts = parts ?? PoolParts.Current;
        var variant = plan.Variant;
        _spec = new PoolSpec(
            2 + variant % 3, BundleId.ThisProcess, null, default, variant % 4 == 1 ? 3 : 0, 0, 400,
            isDurable ? 0 : 60_000, Name: "pool", IsDurable: isDurable)
        {
            Initializer = variant % 5 == 2 ? JobBehavior.Function : null,
        };
        CoordinatorCount = isDurable ? 3 : 1 + variant / 4 % 2;
        Store = new SimulatedStore(this);
    }

    public PoolParts Parts { get; }

    public IReadOnlyList<SimulatedCoordinator> Coordinators => _coordinators;

    public ISimulatedClient Client { get; private set; } = null!;

    protected override TimeSpan HealingTime => TimeSpan.FromSeconds(150);

    protected override bool IsFinished
    {
        get
        {
            if (Client.Pending > 0 || !Client.Host.IsAlive)
                return false;
            if (!_isClosing && UnknownWorkers.Any())
                return false;
            if (!_isClosing)
            {
                _isClosing = true;
                Client.ClosePool(cancelPending: false);
            }

            return Client.HasEnded && !LiveWorkers.Any();
        }
    }

    private int CoordinatorCount { get; }

    private IEnumerable<ISimulatedWorker> LiveWorkers => _nodes.SelectMany(node => node.Workers).Where(worker => !worker.Process.HasExited);

    /// <summary>The workers that run and that no pool knows.</summary>
    private IEnumerable<ISimulatedWorker> UnknownWorkers => LiveWorkers.Where(
        worker => !_coordinators.SelectMany(coordinator => coordinator.Pools).Any(pool => pool.HasWorker(worker.Id)));

    private IEnumerable<SimulatedHost> Hosts =>
        _coordinators.Select(coordinator => coordinator.Host).Concat(_nodes.Select(node => node.Host)).Append(Client.Host);

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
        Client = Parts.CreateClient(this, _spec);
        Client.Start();
    }

    protected override void CarryOut(PlannedStep step)
    {
        var argument = step.Argument;
        switch (step.Kind)
        {
            case StepKind.Submit: SubmitJobs(argument); break;
            case StepKind.Cancel: Client.CancelJob(ChooseJob(argument)); break;
            case StepKind.Withdraw: Client.WithdrawJob(ChooseJob(argument)); break;
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
        for (var i = 0; Client.CanSubmit && i < 1 + argument % 4; i++)
        {
            var behavior = Mix(++_lastJob * 7, 10_000);
            var spec = JobBehavior.CreateSpec(_lastJob, behavior, canUpload: !_spec.IsDurable);
            _jobs[_lastJob] = new SubmittedJob(spec, JobBehavior.FromArgument(behavior));
            Client.SubmitJob(spec);
            if (_jobs[_lastJob].Behavior.Hangs && spec.Policy.TimeoutMilliseconds == 0)
                CancelLater(spec, TimeSpan.FromMilliseconds(200 + behavior % 1500));
        }
    }

    /// <summary>The job never returns, so a user cancels it once; after a crash of the user's program, the next one does.</summary>
    private void CancelLater(JobSpec job, TimeSpan delay, ISimulatedClient? cancelledBy = null) => Schedule(delay, null, () =>
    {
        if (_history.HasEnded(job.Id.Value) || _jobs[job.Id.Value].Spec != job)
            return;
        if (Client != cancelledBy && Client.CancelJob(job.Id))
            cancelledBy = Client;
        CancelLater(job, TimeSpan.FromSeconds(2), cancelledBy);
    });

    private void CloseEarly(int argument)
    {
        if (!Client.Host.IsAlive)
            return;
        _isClosing = true;
        (_isTerminated, _withdrawsAll) = (argument == 0 && !_spec.IsDurable, argument == 1);
        if (_isTerminated)
            Client.TerminatePool();
        else
            Client.ClosePool(cancelPending: _withdrawsAll);
    }

    private JobId ChooseJob(int argument) => new(_lastJob == 0 ? 0 : 1 + Math.Max(0, _lastJob - 1 - argument % 8));

    private ISimulatedWorker? ChooseWorker(int argument)
    {
        var workers = LiveWorkers.ToList();
        return workers.Count == 0 ? null : workers[argument % workers.Count];
    }

    private SimulatedHost ChooseHost(int argument) => Hosts.ElementAt(argument % Hosts.Count());

    private void BreakConnection(int argument)
    {
        var coordinator = _coordinators[argument % _coordinators.Count].Host;
        var other = argument % 5 == 0 ? Client.Host : _nodes[argument / 5 % _nodes.Count].Host;
        CountBreak(other);
        Network.BreakConnection(coordinator, other, 1 + argument / 10 % 2500, 1 + argument / 7 % 2500);
    }

    private void AddPartition(int argument)
    {
        var coordinator = _coordinators[argument % _coordinators.Count].Host;
        var other = argument % 5 == 0 ? Client.Host : _nodes[argument / 5 % _nodes.Count].Host;
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
        if (host == Client.Host)
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
