using Actors.Messages.Delivery;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>Mirrors <c>PoolSessionActor</c>: one opening of a pool, until the pool ends or is lost.</summary>
internal sealed class ClientConnection : SimulatedPart
{
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan OpenInterval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FindInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    private readonly PoolWorld _world;
    private readonly SimulatedClient _client;
    private readonly SimulatedCoordinator _coordinator;
    private readonly PoolProtocol.OpenPool _open;
    private readonly MessageSequence<PoolProtocol.JobsEnded> _ended = new();
    private PoolProtocol.PoolFinished? _finished;
    private SimulatedPart? _pool;
    private TimeSpan _pause;
    private long _progressSeen;
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

    public void WatchJobs() => CompareAfter(ShortestPause);

    public override void Receive(object message, SimulatedPart sender)
    {
        if (message is PoolProtocol.PoolOpened opened && _pool is null)
        {
            _pool = sender;
            _client.OnOpened(this, sender, opened);
            Watch(sender);
            return;
        }

        if (message is PoolProtocol.PoolInterrupted)
            LosePool(withCoordinator: false);
        if (sender != _pool)
            return;
        switch (message)
        {
            case PoolProtocol.JobsAccepted accepted: _client.OnAccepted(accepted.Number); break;
            case PoolProtocol.JobsEnded ended: ReceiveEnded(ended); break;
            case PoolProtocol.ComparePoolReply compared: _client.OnCompared(compared); break;
            case PoolProtocol.JobsNotWithdrawn not: ContinueJobs(not); break;
            case PoolProtocol.PoolFailed: _client.OnFailed(); break;
            case PoolProtocol.PoolFinished finished: FinishWhenComplete(finished); break;
        }
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
            FinishSession();
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

    private void CompareAfter(TimeSpan pause)
    {
        _pause = pause;
        var timer = ++_timer;
        RunAfter(pause, () =>
        {
            if (timer == _timer)
                CompareIfQuiet();
        });
    }

    private void CompareIfQuiet()
    {
        _client.AcknowledgeEnded();
        if (!_client.IsWatching())
            return;
        var isQuiet = _client.Progress == _progressSeen;
        _progressSeen = _client.Progress;
        if (isQuiet || _ended.HasGap || _client.HasRequests)
            _client.SendComparison();
        CompareAfter(isQuiet && 2 * _pause <= LongestPause ? 2 * _pause : isQuiet ? _pause : ShortestPause);
    }

    private void ReceiveEnded(PoolProtocol.JobsEnded ended)
    {
        if (ended.Number == 0)
        {
            _client.OnJobsEnded(ended);
            return;
        }

        if (!_ended.TryAccept(ended.Number, ended))
            return;
        _client.OnJobsEnded(ended);
        while (_ended.TryAcceptEarly(out var early))
            _client.OnJobsEnded(early);
        FinishIfComplete();
    }

    private void ContinueJobs(PoolProtocol.JobsNotWithdrawn not)
    {
        foreach (var job in not.Jobs)
            _world.OnNotWithdrawn(job);
    }

    private void FinishWhenComplete(PoolProtocol.PoolFinished finished)
    {
        _finished = finished;
        if (!FinishIfComplete())
            _client.SendComparison();
    }

    private bool FinishIfComplete()
    {
        if (_finished is not { } finished || finished.LastEnded > _ended.Last || _client.AwaitsAttachedJobs)
            return false;
        FinishSession();
        return true;
    }

    private void FinishSession()
    {
        if (IsStopped)
            return;
        _client.AcknowledgeEnded();
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
