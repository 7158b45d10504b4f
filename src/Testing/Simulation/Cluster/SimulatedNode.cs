using Actors.Messages;
using Actors.Messages.Nodes;
using Actors.WorkerNode.Executors;

namespace Actors.Testing;

/// <summary>
/// A worker node in memory: runs workers for the pools that its coordinator grants, replaces those that end, and joins again when it was
/// removed or its coordinator is lost.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="name">The name.</param>
/// <param name="slots">The number of workers that it runs at most.</param>
/// <param name="traits">Its labels and resources; null for none.</param>
internal sealed class SimulatedNode(SimulatedCluster cluster, string name, int slots, NodeTraits? traits)
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan JoinInterval = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<PoolId, PoolOnNode> _pools = [];
    private SimulatedCoordinator? _coordinator;
    private NodeId _id = cluster.NewNodeId();
    private long _lastGrant;
    private DownTime _down;
    private bool _isBeating;

    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>The number of workers that the node runs at most.</summary>
    public int Slots => slots;

    /// <summary>The current identity: another one after each join.</summary>
    public NodeId Id => _id;

    /// <summary>The end of its connections.</summary>
    public SimulatedEndpoint Endpoint { get; private set; } = new(name);

    /// <summary>Whether the node and its workers are stopped for a time.</summary>
    public bool IsPaused => Endpoint.PausedUntil > cluster.Now;

    /// <summary>The running workers, the oldest first.</summary>
    public IEnumerable<SimulatedExecutor> Executors => _pools.Values.SelectMany(pool => pool.Executors);

    /// <summary>Joins the coordinator, and repeats that until it is accepted.</summary>
    public void Join()
    {
        if (_coordinator is not null || Endpoint.IsDown)
            return;
        var (id, endpoint) = (_id, Endpoint);
        if (cluster.Coordinator is { } coordinator)
            cluster.SendToCoordinator(this, coordinator, () => coordinator.AddNode(this, id, traits));
        StartTimer(JoinInterval, () =>
        {
            if (endpoint == Endpoint)
                Join();
        });
    }

    /// <summary>Notes that the coordinator accepted the node.</summary>
    public void OnAccepted(SimulatedCoordinator by, NodeId id)
    {
        if (_coordinator is not null || id != _id)
            return;
        (_coordinator, _lastGrant) = (by, 0);
        StartBeating();
    }

    /// <summary>Joins again after the coordinator has removed the node: its workers end.</summary>
    public void OnRemoved(NodeId id)
    {
        if (id == _id)
            JoinAgain();
    }

    /// <summary>Joins another coordinator after the loss of this one: the workers end.</summary>
    public void OnCoordinatorLost(SimulatedCoordinator lost) => RunUnlessPaused(() =>
    {
        if (_coordinator == lost)
            JoinAgain();
    });

    /// <summary>Runs as many workers for a pool as granted.</summary>
    public void OnGranted(SimulatedPool pool, NodeGrant grant)
    {
        if (pool.Coordinator != _coordinator || grant.Number <= _lastGrant)
            return;
        _lastGrant = grant.Number;
        if (!_pools.TryGetValue(grant.Pool, out var local))
            local = _pools[grant.Pool] = new PoolOnNode(pool);
        local.Wanted = grant.Workers;
        foreach (var surplus in local.Executors.Where(executor => !executor.IsRetiring).Skip(grant.Workers).ToList())
            surplus.Retire();
        StartWorkers(local);
    }

    /// <summary>Ends the node and its workers without a message, and starts it again after a time.</summary>
    /// <returns>Whether the node ends, or starts later than before.</returns>
    public bool Kill(TimeSpan downTime)
    {
        if (!_down.Extend(cluster.Now, downTime))
            return false;
        cluster.Clock.StartBackgroundTimer(downTime, StartAgain);
        if (!Endpoint.IsDown)
            End();
        return true;
    }

    /// <summary>Stops the node and its workers for a time: nothing of them runs, and they neither send nor receive.</summary>
    /// <returns>Whether the node is stopped, or longer than before.</returns>
    public bool Pause(TimeSpan time)
    {
        var end = cluster.Now + time;
        if (Endpoint.IsDown || end <= Endpoint.PausedUntil)
            return false;
        Endpoint.PausedUntil = end;
        UpdatePauses();
        cluster.Clock.StartBackgroundTimer(time, UpdatePauses);
        return true;
    }

    /// <summary>Runs a step of the node after a time, or at the end of a pause.</summary>
    public ITimer StartTimer(TimeSpan time, Action step) =>
        cluster.Clock.StartBackgroundTimer(time, () => RunUnlessPaused(step));

    /// <summary>Runs a step of the node now, or at the end of a pause.</summary>
    public void RunUnlessPaused(Action step)
    {
        if (IsPaused)
            StartTimer(Endpoint.PausedUntil - cluster.Now, step);
        else
            step();
    }

    /// <summary>Starts to report that the node is there, if messages can be lost.</summary>
    public void StartBeating()
    {
        if (_isBeating || _coordinator is null || !cluster.Network.IsFaulty)
            return;
        _isBeating = true;
        Beat();
    }

    /// <summary>Starts another worker after one has ended.</summary>
    public void OnEnded(SimulatedExecutor ended, bool wasReady)
    {
        var local = _pools.Values.FirstOrDefault(pool => pool.Executors.Remove(ended));
        if (local is null)
            return;
        var pause = local.Restarts.OnExecutorEnded(wasReady);
        if (pause == TimeSpan.Zero)
            RunUnlessPaused(() => StartWorkers(local));
        else
            StartTimer(pause, () => StartWorkers(local));
    }

    /// <summary>Notes that a worker has become ready.</summary>
    public void OnReady(SimulatedExecutor ready) =>
        _pools.Values.FirstOrDefault(pool => pool.Executors.Contains(ready))?.Restarts.OnExecutorReady();

    private void StartWorkers(PoolOnNode local)
    {
        if (!_pools.ContainsValue(local))
            return;
        for (var running = local.Executors.Count; running < local.Wanted; running++)
        {
            var executor = new SimulatedExecutor(cluster, this, local.Pool);
            local.Executors.Add(executor);
            executor.Start();
        }
    }

    private void End()
    {
        var (coordinator, id) = (_coordinator, _id);
        (_coordinator, Endpoint.IsDown) = (null, true);
        EndWorkers();
        // The operating system closes the connections, and the coordinator notices that at once.
        if (coordinator is not null)
            cluster.Clock.StartBackgroundTimer(TimeSpan.FromMilliseconds(1), () => coordinator.RemoveNode(id));
    }

    private void StartAgain()
    {
        if (!Endpoint.IsDown || !_down.IsOver(cluster.Now))
            return;
        Endpoint = new SimulatedEndpoint(name);
        JoinAgain();
    }

    private void UpdatePauses()
    {
        foreach (var executor in Executors.ToList())
            executor.UpdatePause();
    }

    private void JoinAgain()
    {
        EndWorkers();
        (_coordinator, _id) = (null, cluster.NewNodeId());
        Join();
    }

    private void EndWorkers()
    {
        var executors = Executors.ToList();
        _pools.Clear();
        executors.ForEach(executor => executor.EndSilently());
    }

    private void Beat()
    {
        if (_coordinator is not { } coordinator || Endpoint.IsDown)
        {
            _isBeating = false;
            return;
        }

        var (id, lastGrant) = (_id, _lastGrant);
        cluster.SendToCoordinator(this, coordinator, () => coordinator.OnHeartbeat(this, id, lastGrant));
        StartTimer(HeartbeatInterval, Beat);
    }

    private sealed class PoolOnNode(SimulatedPool pool)
    {
        public SimulatedPool Pool => pool;

        public int Wanted { get; set; }

        public RestartPolicy Restarts { get; } = new();

        public List<SimulatedExecutor> Executors { get; } = [];
    }
}
