using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Actors.Messages;
using Actors.Messages.Nodes;

namespace Actors.Testing;

/// <summary>
/// A cluster in memory: the program of the test, a coordinator and worker nodes, connected by a simulated network, in virtual time. The
/// seed decides about every latency and every choice.
/// </summary>
internal sealed class SimulatedCluster : IObjectTransport
{
    /// <summary>Above the largest process id of any system, so that no code ends a real process by this number.</summary>
    private const int FirstProcessId = 10_000_000;

    private const double LongestStartMilliseconds = 50;

    private static int _clusters;

    private readonly Random _random;
    private readonly TimeSpan _jobTime;
    private readonly FaultPlan _plan;
    private readonly SimulatedEndpoint _client = new("client");
    private readonly List<SimulatedNode> _nodes = [];
    private readonly List<Exception> _failures = [];
    private readonly ConcurrentDictionary<PoolId, JobRuns> _runs = new();
    private readonly int _seed;
    private DownTime _coordinatorDown;
    private int _lastProcess;
    private byte _lastOrigin;

    // Pools are disposed on other threads than that of the simulation.
    private ImmutableArray<ClusterSession> _sessions = [];

    /// <param name="seed">Decides about every choice.</param>
    /// <param name="jobTime">The mean time that a job takes besides its own waits.</param>
    /// <param name="plan">The faults, for failure messages.</param>
    public SimulatedCluster(int seed, TimeSpan jobTime, FaultPlan plan)
    {
        (_seed, _random, _jobTime, _plan) = (seed, new Random(seed), jobTime, plan);
        Owner = string.Create(CultureInfo.InvariantCulture, $"simulated-{Interlocked.Increment(ref _clusters)}");
        Network = new SimulatedNetwork(Scheduler, new Random(unchecked(seed * 31)));
        Scheduler.Stuck = OnStuck;
        Scheduler.Failed = _failures.Add;
        Store = new SimulatedStore(Clock, new Random(unchecked(seed * 17)));
        Coordinator = new SimulatedCoordinator(this);
        ClientObjects = new SimulatedObjectChannel(this, null);
        Scheduler.CountWork = () => _sessions.Sum(session => session.CountWork()) + ClientObjects.PendingCalls;
    }

    /// <summary>Runs everything.</summary>
    public SimulationScheduler Scheduler { get; } = new();

    /// <summary>The clock.</summary>
    public VirtualClock Clock => Scheduler.Clock;

    /// <inheritdoc/>
    TimeProvider IObjectTransport.Clock => Clock;

    /// <inheritdoc/>
    public string FaultDescription => _plan.Describe();

    /// <summary>The network.</summary>
    public SimulatedNetwork Network { get; }

    /// <summary>The store of durable pools.</summary>
    public SimulatedStore Store { get; }

    /// <summary>Calls the functions of jobs.</summary>
    public FunctionCalls Calls { get; } = new();

    /// <summary>The coordinator; null while it is down.</summary>
    public SimulatedCoordinator? Coordinator { get; private set; }

    /// <summary>The connection of the test to managed objects.</summary>
    public SimulatedObjectChannel ClientObjects { get; }

    /// <inheritdoc/>
    public string Owner { get; }

    /// <inheritdoc/>
    public ObjectHost? Host => Coordinator?.Objects;

    /// <summary>The time since the start.</summary>
    public TimeSpan Now => Clock.Elapsed;

    /// <summary>The worker nodes.</summary>
    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    /// <summary>The open pools.</summary>
    public IReadOnlyList<ClusterSession> Sessions => _sessions;

    /// <summary>The exceptions that no caller received.</summary>
    public IReadOnlyList<Exception> Failures => _failures;

    /// <summary>Adds a worker node.</summary>
    public void AddNode(string name, int slots, NodeTraits? traits = null)
    {
        var node = new SimulatedNode(this, name, slots, traits);
        _nodes.Add(node);
        Scheduler.Post(node.Join);
    }

    /// <summary>Opens a pool.</summary>
    public void Open(ClusterSession session)
    {
        ImmutableInterlocked.Update(ref _sessions, static (all, added) => all.Add(added), session);
        Scheduler.PostCode(session.Open);
    }

    /// <summary>Gets the jobs of a durable pool, which outlive its clients.</summary>
    public JobRuns GetRuns(PoolId pool) => _runs.GetOrAdd(pool, static _ => new JobRuns());

    /// <summary>Forgets a pool that has ended.</summary>
    public void Release(ClusterSession session) =>
        ImmutableInterlocked.Update(ref _sessions, static (all, removed) => all.Remove(removed), session);

    /// <summary>Finds a worker that has not ended.</summary>
    public SimulatedExecutor? FindExecutor(ExecutorId id) =>
        _nodes.SelectMany(node => node.Executors).FirstOrDefault(executor => executor.Id == id);

    /// <summary>Lets messages be lost: the programs check whether the others are there.</summary>
    public void ExpectFaults()
    {
        Network.ExpectFaults();
        _nodes.ForEach(node => node.StartBeating());
        _sessions.ToList().ForEach(session => session.ExpectFaults());
    }

    /// <summary>Injects a fault of network, machines, store or clock.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="node">The node of the job; null to choose one.</param>
    /// <param name="hadEffect">Called when the fault has an effect: at once, at each changed message or failed write, or never.</param>
    public void Inject(Fault fault, SimulatedNode? node, Action hadEffect)
    {
        ExpectFaults();
        Scheduler.ExpectProgressAfter(fault.Length);
        node ??= _nodes.Count == 0 ? null : _nodes[_random.Next(_nodes.Count)];
        var hasChanged = fault.Kind switch
        {
            FaultKind.PauseNode => node is not null && node.Pause(fault.Length),
            FaultKind.KillNode => node is not null && node.Kill(fault.Length),
            FaultKind.RestartCoordinator => RestartCoordinator(fault.Length),
            FaultKind.JumpClock => JumpClock(fault),
            _ => false,
        };
        if (hasChanged)
            hadEffect();
        else if (fault.Kind is FaultKind.FailWrites or FaultKind.FillDisk)
            Store.AddFault(fault, hadEffect);
        else if (fault.Links != NetworkLinks.None)
            Network.AddFault(fault, (fault.Links & NetworkLinks.Client) != 0 ? null : node?.Endpoint, hadEffect);
    }

    /// <summary>Injects a fault of a job into a running worker.</summary>
    /// <returns>The worker; null when there is none.</returns>
    public SimulatedExecutor? ChooseExecutor()
    {
        var ready = _nodes.SelectMany(node => node.Executors).Where(executor => executor.IsReady).ToList();
        return ready.Count == 0 ? null : ready[_random.Next(ready.Count)];
    }

    /// <summary>Chooses the time that a worker takes to start.</summary>
    public TimeSpan ChooseStartTime() => TimeSpan.FromMilliseconds(_random.NextDouble() * LongestStartMilliseconds);

    /// <summary>Chooses the time that a job takes before and after the call of its function.</summary>
    public (TimeSpan Before, TimeSpan After) ChooseCost()
    {
        var cost = _jobTime * (2 * _random.NextDouble());
        var before = cost * _random.NextDouble();
        return (before, cost - before);
    }

    public NodeId NewNodeId() => new(NewGuid());

    public ExecutorId NewExecutorId() => new(NewGuid());

    public PoolId NewPoolId() => new(NewGuid());

    public SessionId NewSessionId() => new(NewGuid());

    /// <summary>Creates the identity of a session. It is no random choice, so that it does not change the others.</summary>
    public Guid NewOrigin() => new(_seed, 0, 0, 0, 0, 0, 0, 0, 0, 0, ++_lastOrigin);

    public int NewProcessId() => FirstProcessId + ++_lastProcess;

    public void SendToNode(SimulatedCoordinator from, SimulatedNode to, Action deliver) =>
        Network.Send(NetworkLinks.CoordinatorToNode, from.Endpoint, to.Endpoint, deliver);

    public void SendToCoordinator(SimulatedNode from, SimulatedCoordinator to, Action deliver) =>
        Network.Send(NetworkLinks.NodeToCoordinator, from.Endpoint, to.Endpoint, deliver);

    public void SendToClient(SimulatedCoordinator from, Action deliver) =>
        Network.Send(NetworkLinks.CoordinatorToClient, from.Endpoint, _client, deliver);

    public void SendFromClient(SimulatedCoordinator to, Action deliver) =>
        Network.Send(NetworkLinks.ClientToCoordinator, _client, to.Endpoint, deliver);

    /// <inheritdoc/>
    public void SendToHost(IObjectCaller from, ObjectHost host, Action deliver) => Scheduler.Post(() =>
    {
        if (Coordinator is { } coordinator && coordinator.Objects == host)
        {
            Network.SendReliably(
                from.Node is null ? NetworkLinks.ClientToCoordinator : NetworkLinks.NodeToCoordinator,
                from.Node?.Endpoint ?? _client, coordinator.Endpoint, from, deliver);
        }
    });

    /// <inheritdoc/>
    public void SendToCaller(IObjectCaller to, ObjectHost host, Action deliver) => Scheduler.Post(() =>
    {
        if (Coordinator is { } coordinator && coordinator.Objects == host)
        {
            Network.SendReliably(
                to.Node is null ? NetworkLinks.CoordinatorToClient : NetworkLinks.CoordinatorToNode,
                coordinator.Endpoint, to.Node?.Endpoint ?? _client, to, deliver);
        }
    });

    /// <returns>Whether the coordinator ends, or starts later than before.</returns>
    private bool RestartCoordinator(TimeSpan downTime)
    {
        if (!_coordinatorDown.Extend(Now, downTime))
            return false;
        Clock.StartBackgroundTimer(downTime, StartCoordinator);
        if (Coordinator is { } lost)
            EndCoordinator(lost);
        return true;
    }

    private void EndCoordinator(SimulatedCoordinator lost)
    {
        Coordinator = null;
        lost.Stop();
        // The operating system closes the connections, and the others notice that at once.
        Clock.StartBackgroundTimer(TimeSpan.FromMilliseconds(1), () =>
        {
            _nodes.ForEach(node => node.OnCoordinatorLost(lost));
            _sessions.ToList().ForEach(session => session.OnCoordinatorLost(lost));
        });
    }

    private void StartCoordinator()
    {
        if (Coordinator is not null || !_coordinatorDown.IsOver(Now))
            return;
        Coordinator = new SimulatedCoordinator(this);
        foreach (var pool in Store.Pools)
            Coordinator.LoadPool(pool);
    }

    private bool JumpClock(Fault fault)
    {
        Clock.JumpUtc(fault.Time);
        if (fault.Length > TimeSpan.Zero)
            Clock.StartBackgroundTimer(fault.Length, () => Clock.JumpUtc(-fault.Time));
        return true;
    }

    /// <summary>Ends the unfinished jobs, or if all jobs have ended, the calls of the test on managed objects.</summary>
    private void OnStuck()
    {
        if (!_sessions.Any(session => session.CountWork() > 0))
            ClientObjects.EndCalls(new SimulationStuckException(ClientObjects.Unanswered, FaultDescription));
        foreach (var session in _sessions)
            session.OnStuck();
    }

    private Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
