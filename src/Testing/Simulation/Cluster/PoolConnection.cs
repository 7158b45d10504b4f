using Actors.Messages;
using Actors.Messages.Pools;

namespace Actors.Testing;

/// <summary>
/// One opening of a pool, until the pool ends or its coordinator is lost, as <c>PoolSessionActor</c>. Only the messages of that pool count.
/// </summary>
internal sealed class PoolConnection
{
    private static readonly TimeSpan OpenInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(1);

    /// <summary>A coordinator that is silent for this time is considered lost.</summary>
    private static readonly TimeSpan CoordinatorLease = TimeSpan.FromSeconds(6);

    private readonly SimulatedCluster _cluster;
    private readonly PoolId _id;
    private TimeSpan _heardAt;
    private TimeSpan? _comparison;
    private long _timer;
    private bool _isBeating;
    private bool _isStopped;

    /// <param name="cluster">The cluster.</param>
    /// <param name="session">The client.</param>
    public PoolConnection(SimulatedCluster cluster, ClusterSession session)
    {
        (_cluster, Session, _id) = (cluster, session, cluster.NewPoolId());
        RepeatOpen();
    }

    /// <summary>The client.</summary>
    public ClusterSession Session { get; }

    /// <summary>The open pool; null before the coordinator has answered.</summary>
    public SimulatedPool? Pool { get; private set; }

    /// <summary>Sends a message to the open pool.</summary>
    public void Send(IWireMessage message)
    {
        if (Pool is { } pool && !_isStopped)
            _cluster.SendFromClient(pool.Coordinator, () => pool.ReceiveFromClient(message));
    }

    /// <summary>Handles a message of a pool.</summary>
    public void Receive(SimulatedPool from, IWireMessage message)
    {
        if (_isStopped)
            return;
        if (message is PoolProtocol.PoolOpened opened)
            OnOpened(from, opened);
        else if (from == Pool)
            Session.Receive(from, message);
    }

    /// <summary>
    /// Compares the states of client and pool after a pause, and repeats that while something is outstanding. Waits until messages can be
    /// lost: a simulated day has thousands of comparisons.
    /// </summary>
    public void CompareAfter(TimeSpan pause)
    {
        _comparison = pause;
        if (!_cluster.Network.IsFaulty)
            return;
        var timer = ++_timer;
        _cluster.Clock.StartBackgroundTimer(pause, () =>
        {
            if (timer == _timer && !_isStopped && Session.OnCompareTick() is { } next)
                CompareAfter(next);
        });
    }

    /// <summary>Checks from now on whether the coordinator is there and no message is lost.</summary>
    public void ExpectFaults()
    {
        StartBeating();
        if (_comparison is { } pause)
            CompareAfter(pause);
    }

    /// <summary>Notes that the coordinator is there.</summary>
    public void OnHeartbeat() => _heardAt = _cluster.Now;

    /// <summary>Ends the connection.</summary>
    public void Stop() => _isStopped = true;

    private void RepeatOpen()
    {
        if (_isStopped || Pool is not null)
            return;
        if (_cluster.Coordinator is { } coordinator)
            _cluster.SendFromClient(coordinator, () => coordinator.OpenPool(this, _id, Session.Spec));
        _cluster.Clock.StartBackgroundTimer(OpenInterval, RepeatOpen);
    }

    private void OnOpened(SimulatedPool pool, PoolProtocol.PoolOpened opened)
    {
        if (Pool is not null || pool.Coordinator != _cluster.Coordinator)
            return;
        Pool = pool;
        StartBeating();
        Session.OnOpened(opened);
    }

    private void StartBeating()
    {
        if (_isBeating || Pool is null || !_cluster.Network.IsFaulty)
            return;
        (_isBeating, _heardAt) = (true, _cluster.Now);
        Beat();
    }

    private void Beat()
    {
        if (_isStopped || Pool is not { } pool)
            return;
        if (_cluster.Now - _heardAt > CoordinatorLease)
        {
            Session.LosePool();
            return;
        }

        _cluster.SendFromClient(pool.Coordinator, pool.AnswerHeartbeat);
        _cluster.Clock.StartBackgroundTimer(HeartbeatInterval, Beat);
    }
}
