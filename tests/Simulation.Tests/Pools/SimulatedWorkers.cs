using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;
using Actors.WorkerNode.Executors;

namespace Actors.Simulation.Tests.Pools;

/// <summary>Mirrors <c>PoolExecutorsActor</c>: the workers of one pool on one node.</summary>
internal sealed class SimulatedWorkers(PoolWorld world, SimulatedSession session, PoolGranted grant)
{
    private readonly RestartPolicy _restarts = new();
    private readonly List<ISimulatedWorker> _serving = [];
    private readonly List<ISimulatedWorker> _leaving = [];
    private int _granted;
    private bool _isPaused;

    public PoolWorld World => world;

    public SimulatedHost Host => session.Host;

    public NodeId Node => session.Node;

    public SimulatedPart Pool => grant.Pool;

    public PoolSpec Spec => grant.Provide.Spec;

    public IEnumerable<ISimulatedWorker> All => _serving.Concat(_leaving);

    public void SetCount(int executors)
    {
        _granted = executors;
        ReconcileWorkers();
        EndWhenDone();
    }

    /// <summary>Ends all workers, because the node drains.</summary>
    public void DrainAll()
    {
        _granted = 0;
        _leaving.AddRange(_serving);
        _serving.Clear();
        foreach (var worker in _leaving.ToList())
            worker.DrainProcess();
        EndWhenDone();
    }

    public bool TakeStartFailure() => session.TakeStartFailure();

    public void OnReady() => _restarts.OnExecutorReady();

    public void OnEnded(ISimulatedWorker worker, bool wasReady)
    {
        var pause = _restarts.OnExecutorEnded(wasReady);
        _serving.Remove(worker);
        _leaving.Remove(worker);
        if (_granted > 0 && pause > TimeSpan.Zero)
            PauseBeforeStart(pause);
        else if (!_isPaused)
            ReconcileWorkers();
        EndWhenDone();
    }

    /// <summary>Kills all processes, because the session has ended. Sends no report.</summary>
    public void KillAll()
    {
        foreach (var worker in All.ToList())
        {
            worker.Process.Kill();
            ((SimulatedPart)worker).Stop();
        }

        _serving.Clear();
        _leaving.Clear();
        _granted = 0;
    }

    private void PauseBeforeStart(TimeSpan pause)
    {
        _isPaused = true;
        world.Schedule(pause, session, () =>
        {
            _isPaused = false;
            ReconcileWorkers();
        });
    }

    private void ReconcileWorkers()
    {
        while (_serving.Count < _granted)
        {
            var worker = world.Parts.CreateWorker(this, new ExecutorId(world.NextGuid()));
            _serving.Add(worker);
            worker.Start();
        }

        while (_serving.Count > _granted)
        {
            var first = _serving[0];
            _serving.RemoveAt(0);
            _leaving.Add(first);
            first.RetireProcess();
        }
    }

    private void EndWhenDone()
    {
        if (_granted == 0 && _serving.Count + _leaving.Count == 0)
            session.RemovePool(grant.Provide.Pool);
    }
}
