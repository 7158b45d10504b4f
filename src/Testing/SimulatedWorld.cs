namespace Actors.Testing;

/// <summary>
/// A simulated cluster for one run of a test: worker nodes, a coordinator and a network in memory, in virtual time. The code of the test
/// runs inside of it. See <see cref="FaultTest"/>.
/// </summary>
public sealed class SimulatedWorld
{
    private readonly SimulatedCluster _cluster;
    private readonly List<TestPool> _pools = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimedFaults? _timedFaults;
    private int _lastPool;

    internal SimulatedWorld(FaultPlan plan)
    {
        FaultSupport.RequireSupported(plan, TestPoolMode.Simulated, new PoolOptions(), hasStore: true);
        plan.BeginUse();
        (Plan, Random) = (plan, new Random(plan.Seed));
        _cluster = new SimulatedCluster(plan.Seed, TestPool.DefaultJobTime, plan);
    }

    /// <summary>Gets the seed.</summary>
    public int Seed => Plan.Seed;

    /// <summary>Gets the faults of this world, and the list of those that were injected.</summary>
    public FaultPlan Plan { get; }

    /// <summary>Gets the clock. Pass it to the code under test, and use it for each wait.</summary>
    public VirtualClock Clock => _cluster.Clock;

    /// <summary>Gets random numbers that depend on the seed alone.</summary>
    public Random Random { get; }

    /// <summary>Gets the names of the worker nodes.</summary>
    public IReadOnlyList<string> Nodes => [.. _cluster.Nodes.Select(node => node.Name)];

    /// <summary>Gets the number of results that the coordinator refused, because their worker did not have the job any more.</summary>
    public long RefusedResults => _cluster.Sessions.Sum(session => session.StaleCompletions);

    internal bool HasEnded => _ended.Task.IsCompleted;

    /// <summary>Adds a worker node. A world in which the test adds none before it creates a pool gets two nodes with two workers.</summary>
    /// <param name="name">The name.</param>
    /// <param name="slots">The number of workers that the node runs at most; at least 1.</param>
    public void AddNode(string name, int slots = 2)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slots);
        if (Nodes.Contains(name))
            throw new ArgumentException($"The world has a node '{name}'. Choose another name.", nameof(name));
        _cluster.AddNode(name, slots);
    }

    /// <summary>Creates a pool. The test need not dispose it.</summary>
    /// <param name="processes">The number of workers; 0, the default, uses every slot of the nodes.</param>
    /// <param name="options">The options; not those of durable pools, for which <see cref="StartPoolAsync"/> is.</param>
    /// <exception cref="ArgumentException">An option does not apply to pools in memory.</exception>
    public TestPool CreatePool(int processes = 0, PoolOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(processes);
        AddMissingNodes();
        var pool = TestPool.CreateOnCluster(
            _cluster, processes, TestPool.RequireLocal(options, TestPoolMode.Simulated), Plan, ++_lastPool);
        _pools.Add(pool);
        return pool;
    }

    /// <summary>
    /// Starts a pool and waits until it is open. It may be durable: the store of the world retains its jobs when the coordinator restarts.
    /// Each call is another program; those with the same <see cref="PoolOptions.DurableName"/> use the same durable pool. The test need not
    /// dispose the pool.
    /// </summary>
    /// <param name="processes">The number of workers; 0, the default, uses every slot of the nodes.</param>
    /// <param name="options">The options, without <see cref="PoolOptions.Store"/>: the coordinator has a store.</param>
    /// <exception cref="ArgumentException">An option does not apply to pools in memory.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of workers is negative.</exception>
    /// <exception cref="DurableStoreException">The store cannot be written, because of a fault.</exception>
    public async Task<TestPool> StartPoolAsync(int processes = 0, PoolOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(processes);
        options ??= new PoolOptions();
        options.Validate();
        TestPool.RequireLocal(options with { DurableName = null }, TestPoolMode.Simulated);
        AddMissingNodes();
        var pool = await TestPool.OpenOnClusterAsync(_cluster, processes, options, Plan, ++_lastPool).ConfigureAwait(false);
        _pools.Add(pool);
        return pool;
    }

    /// <summary>
    /// Creates a manager. Its objects live at the coordinator, and are decided by the code of a real one: the death of a worker or the
    /// removal of its node releases its locks and returns its items. The test need not dispose it.
    /// </summary>
    public Manager CreateManager() => TestPool.CreateManager(_cluster, _cluster.ClientObjects);

    /// <summary>Injects a fault of network, machines, store or clock now.</summary>
    /// <param name="fault">The fault, such as <see cref="Fault.Partition"/>. Those of a node concern one that the seed chooses.</param>
    /// <exception cref="ArgumentException">The fault is one of a job.</exception>
    public void Inject(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (!fault.IsEnvironment)
            throw new ArgumentException($"'{fault}' is a fault of a job: add it to the plan.", nameof(fault));
        _cluster.Inject(fault, null, Plan.Log.AddStarted(new InjectedFault(fault, 0, "", 0, 0, _cluster.Now) { Rule = -1 }));
    }

    /// <summary>
    /// Throws unless the promises of the library hold: no job that may run only once was started twice, every job of a closed pool has
    /// ended, each accepted job of a durable pool has ended once at most, and no code failed unnoticed. <see cref="FaultTest"/> calls it
    /// after each test.
    /// </summary>
    /// <exception cref="PoolAssertionException">A promise is broken.</exception>
    public void AssertInvariants()
    {
        if (_cluster.Failures is [var failure, ..])
        {
            throw new PoolAssertionException(
                $"Code of the test failed, and no caller received the exception: {failure}\n{Plan.Describe()}");
        }

        if (_cluster.Store.BrokenPromises > 0)
            throw new PoolAssertionException($"An outcome was written of a job that was not accepted or had ended.\n{Plan.Describe()}");
        foreach (var session in _cluster.Sessions)
        {
            if (session.Runs.BrokenPromises > 0)
                throw new PoolAssertionException($"A job that may run only once was started again.\n{Plan.Describe()}");
            if (session.Finished.IsCompleted && session.PendingJobs > 0)
            {
                throw new PoolAssertionException(
                    $"The pool has ended without these jobs: {string.Join("; ", session.Unfinished)}.\n{Plan.Describe()}");
            }
        }
    }

    private void AddMissingNodes()
    {
        if (_cluster.Nodes.Count > 0)
            return;
        AddNode("node-1");
        AddNode("node-2");
    }

    /// <summary>Runs a test inside of the world.</summary>
    internal Task RunAsync(Func<SimulatedWorld, Task> test)
    {
        var countWork = _cluster.Scheduler.CountWork;
        _cluster.Scheduler.CountWork = () => countWork() + (HasEnded ? 0 : 1);
        var stuck = _cluster.Scheduler.Stuck;
        _cluster.Scheduler.Stuck = () =>
        {
            if (countWork() == 0 || _cluster.Sessions.All(session => session.PendingJobs == 0))
                _ended.TrySetException(new SimulationStuckException(["the test itself"], Plan.Describe()));
            stuck?.Invoke();
        };
        _timedFaults = ClusterFaults.Start(_cluster, Plan);
        _cluster.Scheduler.PostCode(() => _cluster.Scheduler.TestContext.RunCode(() => _ = RunTestAsync(test)));
        return _ended.Task;
    }

    /// <summary>Ends the world.</summary>
    internal void Stop()
    {
        _timedFaults?.Dispose();
        _cluster.Scheduler.Stop();
        // A test that failed never continues to the disposal of its pools.
        _pools.ForEach(static pool => pool.Abandon());
    }

    private async Task RunTestAsync(Func<SimulatedWorld, Task> test)
    {
#pragma warning disable CA1031 // Any exception of the test is its failure.
        try
        {
            await test(this);
            AssertInvariants();
            _ended.TrySetResult();
        }
        catch (Exception exception)
        {
            _ended.TrySetException(exception);
        }
#pragma warning restore CA1031
    }
}
