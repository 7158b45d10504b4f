using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>Mirrors <c>PoolSessionActor</c>: one opening of a pool, until the pool ends or is lost.</summary>
internal sealed class ClientConnection : SimulatedPart
{
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan OpenInterval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FindInterval = TimeSpan.FromMilliseconds(200);

    private readonly PoolWorld _world;
    private readonly SimulatedClient _client;
    private readonly SimulatedCoordinator _coordinator;
    private readonly PoolProtocol.OpenPool _open;
    private SimulatedPart? _pool;
    private int _timer;

    public ClientConnection(PoolWorld world, SimulatedClient client, SimulatedCoordinator coordinator, PoolProtocol.OpenPool open)
        : base(world, client.Host)
    {
        (_world, _client, _coordinator, _open) = (world, client, coordinator, open);
        RepeatOpen();
        RunAfter(OpenTimeout, () =>
        {
            if (_pool is null)
                LosePool(withCoordinator: true);
        });
    }

    public void Tell(SimulatedPart pool, object message) => Send(pool, message);

    public void CompareAfter(TimeSpan pause)
    {
        var timer = ++_timer;
        RunAfter(pause, () =>
        {
            if (timer != _timer)
                return;
            if (_client.OnCompareTick() is { } next)
                CompareAfter(next);
            FinishIfComplete();
        });
    }

    public override void Receive(object message, SimulatedPart sender)
    {
        if (message is PoolProtocol.PoolOpened opened && _pool is null)
        {
            _pool = sender;
            _client.OnOpened(this, sender, opened);
            if (_client.HasEnded)
                Stop();
            else
                Watch(sender);
            return;
        }

        if (message is PoolProtocol.PoolRefused refused)
            _client.OnRefused(refused.Reason);
        if (message is PoolProtocol.PoolInterrupted)
            LosePool(withCoordinator: false);
        if (sender != _pool)
            return;
        switch (message)
        {
            case PoolProtocol.JobsAccepted accepted: _client.OnAccepted(accepted.Number); break;
            case PoolProtocol.KeyedJobsAccepted accepted: _client.OnKeyedAccepted(accepted); break;
            case PoolProtocol.JobsEnded ended: _client.OnJobsEnded(ended); break;
            case PoolProtocol.ComparePoolReply compared: _client.OnCompared(compared); break;
            case PoolProtocol.JobsNotWithdrawn not: ContinueJobs(not); break;
            case PoolProtocol.PoolFailed failed: _client.OnFailed(failed); break;
            case PoolProtocol.PoolFinished finished: _client.OnFinished(finished); break;
        }

        FinishIfComplete();
    }

    public override void OnDisconnected(SimulatedHost host, TimeSpan brokenAt)
    {
        if (host == _coordinator.Host || host == _pool?.Host)
            LosePool(host == _coordinator.Host);
    }

    public override void OnTerminated(SimulatedPart part)
    {
        if (part != _pool)
            return;
        if (_client.IsEndExpected)
            EndSession();
        else
            LosePool(withCoordinator: false);
    }

    private void RepeatOpen()
    {
        if (_pool is not null)
            return;
        if (!_open.Spec.IsDurable)
            Send(_coordinator, _open);
        else if (_world.FindOwner() is { } owner)
            Send(owner, _open);
        RunAfter(_open.Spec.IsDurable ? FindInterval : OpenInterval, RepeatOpen);
    }

    private void ContinueJobs(PoolProtocol.JobsNotWithdrawn not)
    {
        foreach (var job in not.Jobs)
            _world.OnNotWithdrawn(job);
    }

    private void FinishIfComplete()
    {
        if (!IsStopped && _client.TryFinishSession())
            Stop();
    }

    private void EndSession()
    {
        if (IsStopped)
            return;
        _client.EndSession();
        Stop();
    }

    private void LosePool(bool withCoordinator)
    {
        if (IsStopped)
            return;
        Stop();
        _client.OnLost(this, withCoordinator);
    }
}
