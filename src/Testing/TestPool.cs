using Actors.Pools;

namespace Actors.Testing;

/// <summary>
/// A pool for tests, for any code that expects a <see cref="ProcessPool"/>. Arguments, functions and results are encoded and decoded as for
/// real workers in every mode: a value that cannot travel fails, and a job receives copies. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// await using var pool = TestPool.Inline();
/// int[] lengths = await pool.MapAsync(Measure, ["paper", "ink"]);
/// pool.AssertSubmitted(Measure, call => call.Get&lt;string>(0) == "ink");
/// </code>
/// </example>
public sealed partial class TestPool : ProcessPool
{
    private readonly SubmissionLog _log;
    private readonly SimulatedSession? _simulated;

    private TestPool(
        TestPoolMode mode, IPoolSession session, PoolOptions options, int processes, FaultPlan? plan, SubmissionLog log,
        SimulatedSession? simulated)
        : base(session, options, processes) =>
        (Mode, Plan, _log, _simulated, Clock) = (mode, plan, log, simulated, session.Clock);

    /// <summary>Gets how the pool runs jobs.</summary>
    public TestPoolMode Mode { get; }

    /// <summary>Gets the fault plan; null for none.</summary>
    public FaultPlan? Plan { get; }

    /// <summary>Gets the clock of the timeouts: a <see cref="VirtualClock"/> in a manual pool.</summary>
    public TimeProvider Clock { get; }

    /// <summary>
    /// Creates a pool whose jobs run in this process, on the thread of their submission: the handle has usually ended when
    /// <c>ApplyAsync</c> returns. A job that is retried, delayed or hangs may end later, on another thread.
    /// </summary>
    /// <remarks>
    /// All jobs share this process with the test. Static fields are not separate, output goes to this process, and memory limits do not
    /// apply. A function that exceeds its timeout is not interrupted: its job fails when it returns. In a chunk of several items, the
    /// limits of the items are added.
    /// </remarks>
    /// <param name="processes">The number of workers; at least 1. The initializer runs once for each.</param>
    /// <param name="options">The options of the pool; not those of durable pools or clusters.</param>
    /// <param name="plan">The faults to inject.</param>
    /// <param name="clock">The clock of the timeouts, such as a <see cref="VirtualClock"/>. Default: the system's clock.</param>
    /// <exception cref="ArgumentException">An option does not apply to pools in memory.</exception>
    /// <exception cref="FaultNotSupportedException">The mode cannot inject a fault of the plan.</exception>
    public static TestPool Inline(
        int processes = 1, PoolOptions? options = null, FaultPlan? plan = null, TimeProvider? clock = null) =>
        CreateSimulated(TestPoolMode.Inline, processes, options, plan, clock ?? TimeProvider.System);

    /// <summary>
    /// Creates a pool whose jobs run only when the test calls <see cref="DrainAsync(CancellationToken)"/> or <see cref="RunNextAsync"/>, in
    /// this process and in virtual time.
    /// </summary>
    /// <inheritdoc cref="Inline" path="/remarks"/>
    /// <param name="processes">The number of workers; at least 1. The initializer runs once for each.</param>
    /// <param name="options">The options of the pool; not those of durable pools or clusters.</param>
    /// <param name="plan">The faults to inject.</param>
    /// <param name="clock">The clock. Default: a new one.</param>
    /// <exception cref="ArgumentException">An option does not apply to pools in memory.</exception>
    /// <exception cref="FaultNotSupportedException">The mode cannot inject a fault of the plan.</exception>
    public static TestPool Manual(
        int processes = 1, PoolOptions? options = null, FaultPlan? plan = null, VirtualClock? clock = null) =>
        CreateSimulated(TestPoolMode.Manual, processes, options, plan, clock ?? new VirtualClock());

    /// <summary>Starts a pool with real worker processes on this machine, and injects faults into them.</summary>
    /// <param name="processes">The number of workers, at most 4096. 0, the default, starts one for each processor.</param>
    /// <param name="plan">The faults to inject.</param>
    /// <param name="options">The options of the pool; not those of durable pools or clusters.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">An option does not apply to pools on this machine.</exception>
    /// <exception cref="FaultNotSupportedException">The mode cannot inject a fault of the plan.</exception>
    /// <inheritdoc cref="ProcessPool.StartAsync" path="/exception"/>
    public static async Task<TestPool> StartAsync(
        int processes = 0, FaultPlan? plan = null, PoolOptions? options = null, CancellationToken cancellationToken = default)
    {
        RequireProcesses(processes, connect: null);
        options = RequireLocal(options, TestPoolMode.Processes);
        FaultSupport.RequireSupported(plan, TestPoolMode.Processes, options);
        plan?.BeginUse();
        var faults = plan is null ? new FaultInjector(null) : new ProcessFaults(plan);
        var wanted = processes == 0 ? Environment.ProcessorCount : processes;
        try
        {
            var session = await PoolSession.OpenAsync(
                null, wanted, (faults as ProcessFaults)?.AddTo(options) ?? options, cancellationToken).ConfigureAwait(false);
            var log = new SubmissionLog();
            var recording = new RecordingSession(session, log, faults, static () => { });
            var pool = new TestPool(TestPoolMode.Processes, recording, options, wanted, plan, log, null);
            if (faults is ProcessFaults ofProcesses)
                pool._timedFaults = TimedProcessFaults.Start(pool, plan!, () => ofProcesses.Elapsed);
            recording.Released = pool.EndSimulation;
            return pool;
        }
        catch
        {
            faults.EndRun();
            throw;
        }
    }

    /// <summary>Waits until every submitted job has ended and every callback has run. Does not run the jobs of a manual pool.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task WaitUntilIdleAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var changed = _log.Changed;
            if (_log.IsIdle)
                break;
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        await CallbacksIdle.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static TestPool CreateSimulated(
        TestPoolMode mode, int processes, PoolOptions? options, FaultPlan? plan, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processes);
        options = RequireLocal(options, mode);
        FaultSupport.RequireSupported(plan, mode, options);
        plan?.BeginUse();
        var faults = new FaultInjector(plan);
        var session = new SimulatedSession(processes, options, clock, mode == TestPoolMode.Inline, faults);
        var log = new SubmissionLog();
        return new TestPool(
            mode, new RecordingSession(session, log, faults, session.RunAtOnce), options, processes, plan, log, session);
    }

    internal static PoolOptions RequireLocal(PoolOptions? options, TestPoolMode mode)
    {
        options ??= new PoolOptions();
        options.Validate();
        if (options.DurableName is null && options.Store is null && options.Needs is null)
            return options;
        throw new ArgumentException(
            $"A test pool ({mode}) supports no {nameof(PoolOptions.DurableName)}, {nameof(PoolOptions.Store)}, "
            + $"{nameof(PoolOptions.RequiredLabels)} or {nameof(PoolOptions.ResourcesPerWorker)}. Remove them, or use a "
            + $"{nameof(ProcessPool)}.", nameof(options));
    }
}
