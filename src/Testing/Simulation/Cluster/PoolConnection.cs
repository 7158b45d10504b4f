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

    private readonly PoolProtocol.OpenPool _open;
    private TimeSpan _heardAt;
    private TimeSpan? _comparison;
    private long _timer;
    private bool _isBeating;
    private bool _isStopped;

    /// <param name="cluster">The cluster.</param>
    /// <param name="session">The client.</param>
    public PoolConnection(SimulatedCluster cluster, ClusterSession session)
    {
        (Cluster, Session, _open) = (cluster, session, session.CreateOpening());
        RepeatOpen();
    }

    /// <summary>The cluster.</summary>
    public SimulatedCluster Cluster { get; }

    /// <summary>The client.</summary>
    public ClusterSession Session { get; }

    /// <summary>The open pool; null before the coordinator has answered.</summary>
    public IClientPool? Pool { get; private set; }

    /// <summary>Sends a message to the open pool.</summary>
    public void Send(IWireMessage message)
    {
        if (Pool is { } pool && !_isStopped)
            Cluster.SendFromClient(pool.Coordinator, () => pool.ReceiveFromClient(this, message));
    }

    /// <summary>Handles a message of a pool.</summary>
    public void Receive(IClientPool from, IWireMessage message)
    {
        if (_isStopped || (Pool ?? from) != from || from.Coordinator != Cluster.Coordinator)
            return;
        switch (message)
        {
            case PoolProtocol.PoolOpened opened: OnOpened(from, opened); break;
            case PoolProtocol.PoolRefused refused: Session.OnRefused(refused); break;
            case PoolProtocol.PoolInterrupted interrupted:
                Session.LosePool(new DurableStoreException(interrupted.Reason), withCoordinator: false);
                break;
            case var _ when Pool is not null: Session.Receive(from, message); break;
        }
    }

    /// <summary>
    /// Compares the states of client and pool after a pause, and repeats that while something is outstanding. Waits until messages can be
    /// lost, because a simulated day has thousands of comparisons; except in a durable pool, to which it acknowledges results.
    /// </summary>
    public void CompareAfter(TimeSpan pause)
    {
        _comparison = pause;
        if (!Cluster.Network.IsFaulty && !Session.Spec.IsDurable)
            return;
        var timer = ++_timer;
        Cluster.Clock.StartBackgroundTimer(pause, () =>
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
    public void OnHeartbeat() => _heardAt = Cluster.Now;

    /// <summary>Ends the connection.</summary>
    public void Stop() => _isStopped = true;

    private void RepeatOpen()
    {
        if (_isStopped || Pool is not null)
            return;
        if (Cluster.Coordinator is { } coordinator)
            Cluster.SendFromClient(coordinator, () => coordinator.OpenPool(this, _open));
        Cluster.Clock.StartBackgroundTimer(OpenInterval, RepeatOpen);
    }

    private void OnOpened(IClientPool pool, PoolProtocol.PoolOpened opened)
    {
        if (Pool is not null)
            return;
        Pool = pool;
        StartBeating();
        Session.OnOpened(opened);
    }

    private void StartBeating()
    {
        if (_isBeating || Pool is null || !Cluster.Network.IsFaulty)
            return;
        (_isBeating, _heardAt) = (true, Cluster.Now);
        Beat();
    }

    private void Beat()
    {
        if (_isStopped || Pool is not { } pool)
            return;
        if (Cluster.Now - _heardAt > CoordinatorLease)
        {
            Session.OnCoordinatorLost();
            return;
        }

        Cluster.SendFromClient(pool.Coordinator, () => pool.AnswerHeartbeat(this));
        Cluster.Clock.StartBackgroundTimer(HeartbeatInterval, Beat);
    }
}
