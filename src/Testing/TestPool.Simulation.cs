namespace Actors.Testing;

/// <content>Simulated pools.</content>
public sealed partial class TestPool
{
    /// <summary>The time that a job of a simulation takes on average, besides the time that it waits.</summary>
    internal static readonly TimeSpan DefaultJobTime = TimeSpan.FromMilliseconds(10);

    private SimulatedCluster? _cluster;
    private TimedFaults? _timedFaults;

    /// <summary>
    /// Creates a pool on a simulated cluster of one node, in this process and in virtual time. Workers run their jobs in parallel in that
    /// time; starts, timeouts, retries and pauses take no real time. Whenever all code waits, the clock moves to the next event, so
    /// <c>await job</c> simply works, and hours pass in milliseconds. The same seed gives the same order of events.
    /// </summary>
    /// <remarks>
    /// Create the pool in the test method itself: from then on the test belongs to the simulation, and no time passes while its code runs.
    /// A job takes time while it awaits <c>Task.Delay(time, clock)</c> with <see cref="Clock"/> or <see cref="VirtualClock.Current"/>,
    /// waits for a managed object, or is delayed by a fault, and for <paramref name="jobTime"/>. Code inside of a simulation must not
    /// wait for anything outside: no <c>Task.Run</c>, no asynchronous files or network, no timers of the system's clock. All jobs share
    /// this process: static fields are not separate.
    /// </remarks>
    /// <param name="seed">
    /// Decides about the order of events. Default: the seed of the plan, or without a plan as <see cref="FaultPlan.Create"/> chooses it.
    /// </param>
    /// <param name="processes">The number of workers; at least 1.</param>
    /// <param name="options">The options of the pool; not those of durable pools or clusters.</param>
    /// <param name="plan">The faults to inject.</param>
    /// <param name="jobTime">
    /// The mean time that a job takes besides its own waits; not negative. Each job takes a random time from 0 to twice this. Default:
    /// 10 ms.
    /// </param>
    /// <exception cref="ArgumentException">An option does not apply to pools in memory.</exception>
    /// <exception cref="FaultNotSupportedException">The plan has a fault that is not possible.</exception>
    public static TestPool Simulated(
        int? seed = null, int processes = 2, PoolOptions? options = null, FaultPlan? plan = null, TimeSpan? jobTime = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processes);
        ArgumentOutOfRangeException.ThrowIfLessThan(jobTime ?? TimeSpan.Zero, TimeSpan.Zero, nameof(jobTime));
        plan ??= FaultPlan.Create(seed);
        options = RequireLocal(options, TestPoolMode.Simulated);
        FaultSupport.RequireSupported(plan, TestPoolMode.Simulated, options);
        plan.BeginUse();
        var cluster = new SimulatedCluster(seed ?? plan.Seed, jobTime ?? DefaultJobTime, plan);
        AttachedThread.Attach(cluster.Scheduler);
        cluster.AddNode("node-1", processes);
        var pool = CreateOnCluster(cluster, processes, options, plan, number: 1);
        pool._timedFaults = ClusterFaults.Start(cluster, plan);
        pool._cluster = cluster;
        return pool;
    }

    /// <summary>Creates a pool on a cluster of several pools.</summary>
    internal static TestPool CreateOnCluster(SimulatedCluster cluster, int processes, PoolOptions options, FaultPlan plan, int number)
    {
        var faults = new FaultInjector(plan, number);
        var session = OpenSession(cluster, processes, options, faults);
        return Create(session, options, processes, plan, faults);
    }

    /// <summary>Opens a pool on a cluster of several pools, and waits until it is open.</summary>
    internal static async Task<TestPool> OpenOnClusterAsync(
        SimulatedCluster cluster, int processes, PoolOptions options, FaultPlan plan, int number)
    {
        var faults = new FaultInjector(plan, number);
        var session = OpenSession(cluster, processes, options, faults);
        await session.Opened.ConfigureAwait(false);
        return Create(session, options, processes, plan, faults);
    }

    private static ClusterSession OpenSession(SimulatedCluster cluster, int processes, PoolOptions options, FaultInjector faults)
    {
        var session = new ClusterSession(cluster, processes, options, faults);
        cluster.Open(session);
        return session;
    }

    private static TestPool Create(ClusterSession session, PoolOptions options, int processes, FaultPlan plan, FaultInjector faults)
    {
        var log = new SubmissionLog();
        var released = new RecordingSession(session, log, faults, static () => { });
        var pool = new TestPool(TestPoolMode.Simulated, released, options, processes, plan, log, null);
        released.Released = pool.EndSimulation;
        return pool;
    }

    private void EndSimulation()
    {
        _timedFaults?.Dispose();
        _cluster?.Scheduler.Stop();
    }
}
