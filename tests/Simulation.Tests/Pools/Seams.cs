using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Pools;

/// <summary>
/// The client's side of a pool. The simulation knows no more of it, so that another implementation can take its place.
/// </summary>
internal interface ISimulatedClient
{
    /// <summary>The parts of the client, which receive messages of the pool.</summary>
    SimulatedHost Host { get; }

    /// <summary>Whether the client has left its pool, or the pool has ended or is lost for it.</summary>
    bool HasEnded { get; }

    /// <summary>Whether the pool has finished for this client, which may still receive outcomes.</summary>
    bool HasFinished { get; }

    /// <summary>The number of jobs without an outcome.</summary>
    int Pending { get; }

    /// <summary>Whether the client accepts jobs.</summary>
    bool CanSubmit { get; }

    void Start();

    void SubmitJob(SubmittedJob job);

    /// <returns>False when the client does not know the job.</returns>
    bool CancelJob(JobId job);

    void WithdrawJob(JobId job);

    /// <summary>Waits for a job of another client of the durable pool.</summary>
    void AttachJob(JobId job);

    void ClosePool(bool cancelPending);

    /// <summary>Ends every job now.</summary>
    void TerminatePool();

    /// <summary>Leaves a durable pool, whose jobs continue.</summary>
    void Leave();

    /// <summary>Ends the program without a message.</summary>
    void Crash();
}

/// <summary>The node's side of one worker: a part that receives the messages of the pool and controls a process.</summary>
internal interface ISimulatedWorker
{
    ExecutorId Id { get; }

    /// <summary>The code of its jobs.</summary>
    BundleId Build { get; }

    WorkerProcess Process { get; }

    void Start();

    /// <summary>Ends the running job, returns the others, and ends.</summary>
    void RetireProcess();

    /// <summary>Ends the process, because its node drains.</summary>
    void DrainProcess();

    /// <summary>Kills the process.</summary>
    void KillProcess(ExecutorExitReason reason);
}

/// <summary>One pool at its coordinator.</summary>
internal interface ISimulatedPool
{
    /// <summary>The part that receives the messages of client, workers and nodes.</summary>
    SimulatedPart Part { get; }

    /// <summary>Whether every job and worker has ended.</summary>
    bool IsFinished { get; }

    /// <summary>Whether the worker belongs to the pool: it has not ended, and its node is not lost.</summary>
    bool HasWorker(ExecutorId worker);
}

/// <summary>Creates the parts that can be replaced.</summary>
internal sealed record PoolParts
{
    public static PoolParts Current { get; } = new();

    public Func<PoolWorld, ClientPlace, ISimulatedClient> CreateClient { get; init; } = (world, place) => new SimulatedClient(world, place);

    public Func<SimulatedCoordinator, PoolProtocol.OpenPool, SimulatedPart, ISimulatedPool> CreatePool { get; init; } =
        (coordinator, open, client) => new SimulatedPool(coordinator, open, client);

    public Func<SimulatedCoordinator, SimulatedStore, SimulatedPart> CreateDurablePool { get; init; } =
        (coordinator, store) => new SimulatedDurablePool(coordinator, store);

    public Func<SimulatedWorkers, ExecutorId, ISimulatedWorker> CreateWorker { get; init; } =
        (workers, id) => new SimulatedWorker(workers, id);
}

/// <summary>A grant, with the pool to which the workers report.</summary>
internal sealed record PoolGranted(NodeProtocol.ProvideExecutors Provide, SimulatedPart Pool);
