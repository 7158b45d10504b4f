using Actors.Messages;
using Actors.Messages.Delivery;
using Actors.Messages.Nodes;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>Mirrors <c>SessionActor</c> and <c>WorkerNodeActor</c>: a node at one coordinator, from one join to the next.</summary>
internal sealed class SimulatedSession : SimulatedPart
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    private readonly PoolWorld _world;
    private readonly SimulatedNode _machine;
    private readonly SimulatedCoordinator _coordinator;
    private readonly Dictionary<PoolId, SimulatedWorkers> _pools = [];
    private readonly MessageSequence<PoolGranted> _provided = new();
    private readonly TimeSpan _began;
    private TimeSpan _lastMessage;
    private bool _isJoined;
    private bool _isDraining;

    public SimulatedSession(PoolWorld world, SimulatedNode machine, SimulatedCoordinator coordinator)
        : base(world, machine.Host)
    {
        (_world, _machine, _coordinator, _began) = (world, machine, coordinator, world.Now);
        Node = new NodeId(world.NextGuid());
        OnInterval();
    }

    public NodeId Node { get; }

    public SimulatedCoordinator Coordinator => _coordinator;

    public IEnumerable<ISimulatedWorker> Workers => _pools.Values.SelectMany(pool => pool.All);

    public bool TakeStartFailure() => _machine.TakeStartFailure();

    public override void Receive(object message, SimulatedPart sender)
    {
        switch (message)
        {
            case NodeProtocol.JoinAccepted when !_isJoined: (_isJoined, _lastMessage) = (true, Now); break;
            case NodeProtocol.Heartbeat: _lastMessage = Now; break;
            case NodeProtocol.NodeUnknown: EndSession(); break;
            case PoolGranted grant: OnProvide(grant); break;
        }
    }

    public override void OnDisconnected(SimulatedHost host, TimeSpan brokenAt)
    {
        if (host == _coordinator.Host)
            EndSession();
    }

    public void RemovePool(PoolId pool)
    {
        _pools.Remove(pool);
        LeaveIfDrained();
    }

    /// <summary>Running jobs finish, others are returned, and the session ends.</summary>
    public void StartDraining()
    {
        if (_isDraining)
            return;
        _isDraining = true;
        Send(_coordinator, new NodeProtocol.NodeDraining(Node));
        foreach (var pool in _pools.Values.ToList())
            pool.DrainAll();
        LeaveIfDrained();
    }

    private void LeaveIfDrained()
    {
        if (!_isDraining || _pools.Count > 0 || IsStopped)
            return;
        Send(_coordinator, new NodeProtocol.NodeLeft(Node));
        EndSession();
    }

    private void OnInterval()
    {
        if (!_isJoined && Now - _began > TimeSpan.FromSeconds(10))
        {
            EndSession();
            return;
        }

        if (_isJoined && Now - _lastMessage > Lease)
        {
            EndSession();
            return;
        }

        Send(_coordinator, _isJoined
            ? new NodeProtocol.Heartbeat(Node, Provided: _provided.Last)
            : new NodeProtocol.Join(Node, Host.Name, SimulatedNode.Slots));
        RunAfter(Interval, OnInterval);
    }

    private void OnProvide(PoolGranted grant)
    {
        if (!_provided.TryAccept(grant.Provide.Number, grant))
            return;
        ProvideWorkers(grant);
        while (_provided.TryAcceptEarly(out var early))
            ProvideWorkers(early);
    }

    private void ProvideWorkers(PoolGranted grant)
    {
        if (_isDraining && grant.Provide.Executors > 0)
            return;
        if (!_pools.TryGetValue(grant.Provide.Pool, out var pool))
        {
            if (grant.Provide.Executors == 0)
                return;
            pool = _pools[grant.Provide.Pool] = new SimulatedWorkers(_world, this, grant);
        }

        pool.SetCount(grant.Provide.Executors);
    }

    private void EndSession()
    {
        if (IsStopped)
            return;
        foreach (var pool in _pools.Values.ToList())
            pool.KillAll();
        _pools.Clear();
        Stop();
        _machine.OnSessionEnded(this);
    }
}

/// <summary>A machine that runs workers: a session with each coordinator.</summary>
internal sealed class SimulatedNode
{
    public const int Slots = 3;

    private static readonly TimeSpan RejoinPause = TimeSpan.FromMilliseconds(300);

    private readonly PoolWorld _world;
    private readonly List<SimulatedSession> _sessions = [];
    private int _startFailures;

    public SimulatedNode(PoolWorld world, string name)
    {
        (_world, Host) = (world, world.CreateHost(name));
        foreach (var coordinator in world.Coordinators)
            _sessions.Add(new SimulatedSession(world, this, coordinator));
    }

    public SimulatedHost Host { get; }

    public IReadOnlyList<SimulatedSession> Sessions => _sessions;

    public IEnumerable<ISimulatedWorker> Workers => Host.IsAlive ? _sessions.SelectMany(session => session.Workers) : [];

    public void FailNextStart() => _startFailures++;

    public bool TakeStartFailure() => !_world.IsHealing && _startFailures > 0 && _startFailures-- > 0;

    public void OnSessionEnded(SimulatedSession session)
    {
        _sessions.Remove(session);
        _world.Schedule(RejoinPause, null, () =>
        {
            if (Host.IsAlive && session.Coordinator.Host.IsAlive && _sessions.TrueForAll(other => other.Coordinator != session.Coordinator))
                _sessions.Add(new SimulatedSession(_world, this, session.Coordinator));
        });
    }

    /// <summary>Joins a coordinator that has started.</summary>
    public void AddCoordinator(SimulatedCoordinator coordinator)
    {
        if (Host.IsAlive)
            _sessions.Add(new SimulatedSession(_world, this, coordinator));
    }
}
