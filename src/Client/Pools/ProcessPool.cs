using Actors.Logging;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Pools;
using Actors.Runtime;
using Actors.Telemetry;
using Actors.WorkerNode.Joining;

namespace Actors;

/// <summary>
/// A pool of supervised worker processes that run functions, on this machine or on a cluster, as Python's <c>multiprocessing.Pool</c>. A
/// function can be any static method, lambda, local function or instance method of the program's own assemblies. Arguments and results are
/// passed by value. Thread-safe.
/// <example>
/// <code>
/// await using var pool = await ProcessPool.StartAsync(processes: 3);
/// int[] squares = await pool.MapAsync(x => x * x, Enumerable.Range(0, 100));
/// </code>
/// </example>
/// </summary>
public partial class ProcessPool : IAsyncDisposable, IDisposable
{
    /// <summary>The largest number of workers of a pool on this machine, which is that of a worker node.</summary>
    internal const int MaxLocalProcesses = ExecutorRange.MaxExecutors;

    private readonly IPoolSession _session;
    private readonly PoolOptions _options;
    private readonly PoolCallbacks _callbacks;
    private readonly JobControl _control;
    private readonly JobPolicy _defaultPolicy;
    private readonly JobOrigins _origins;
    private readonly PoolTelemetry _telemetry;
    private readonly Lock _ending = new();
    private bool _isClosed;
    private bool _isReleased;

    internal ProcessPool(IPoolSession session, PoolOptions options, int processes)
    {
        _session = session;
        _options = options;
        _callbacks = new PoolCallbacks(session.Clock);
        _control = new JobControl(session, this);
        _defaultPolicy = new JobPolicy(0, options.MaxAttempts);
        _origins = new JobOrigins(session.CreateOrigin(), session.Clock);
        // The session outlives a forgotten pool, so it must not refer to the pool itself.
        session.WorkerChanged += _callbacks.OnWorkerChanged;
        Processes = processes;
        var name = PoolTelemetry.GetName(options);
        _telemetry = new PoolTelemetry(name);
        session.WorkerChanged += _telemetry.OnWorkerChanged;
        OpenPools.AddPool(session, processes, name);
    }

    /// <summary>Gets the requested number of workers; 0 for every slot of a cluster.</summary>
    public int Processes { get; }

    /// <summary>Gets the running workers, as a snapshot; the oldest first.</summary>
    public IReadOnlyList<WorkerInfo> Workers => _session.Workers;

    /// <summary>Gets the number of unfinished jobs.</summary>
    public int PendingJobs => _session.PendingJobs;

    /// <summary>
    /// Raised when a worker becomes ready or ends. Handlers run as callbacks of the pool, as <see cref="JobOptions.ErrorCallback"/> does:
    /// one at a time, with exceptions written to standard error. Some workers may have started before a handler is added: after adding it,
    /// read <see cref="Workers"/>.
    /// </summary>
    public event Action<WorkerInfo>? WorkerChanged
    {
        add => _callbacks.WorkerChanged += value;
        remove => _callbacks.WorkerChanged -= value;
    }

    /// <summary>Starts a pool. Returns when the pool accepts jobs; its workers start in the background.</summary>
    /// <param name="processes">
    /// The number of workers, on this machine at most 4096. 0, the default, starts one for each processor of this machine, or uses every
    /// slot of the cluster.
    /// </param>
    /// <param name="connect">
    /// Null, the default, starts a pool on this machine, without any other process. <c>HOST:PORT</c> of a coordinator, or a comma-separated
    /// list of several, starts it on a cluster. <c>;Tls=DIRECTORY</c> (certificates) and <c>;KeyFile=FILE</c> (shared key) may follow;
    /// without them, the environment variables <c>ACTORS_TLS_DIRECTORY</c> and <c>ACTORS_KEY_FILE</c> apply.
    /// </param>
    /// <param name="options">How the pool is to be.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">
    /// The options contradict each other, or do not apply with this value of <paramref name="connect"/>.
    /// </exception>
    /// <exception cref="FormatException"><paramref name="connect"/> has an invalid address or setting.</exception>
    /// <exception cref="InvalidOperationException">
    /// The coordinator is on another machine and no certificates are configured; the certificates or the key file are unusable; the
    /// program's code cannot be sent to workers; the initializer refers to a managed object of another coordinator; or the durable pool
    /// cannot be opened, because the coordinators have no store or another client opened it at the same time.
    /// </exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">
    /// This program and the coordinator have different keys.
    /// </exception>
    /// <exception cref="CoordinatorUnreachableException">
    /// No coordinator answers at <paramref name="connect"/>, or it has an incompatible version.
    /// </exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost during the call, or did not open the pool in time.</exception>
    /// <exception cref="DurableStoreException">
    /// The store of the durable pool is unusable; or the pool is open in another program, and has no coordinator.
    /// </exception>
    /// <exception cref="JobNameException">The pool is durable, and a <see cref="JobAttribute"/> has an invalid or used name.</exception>
    /// <exception cref="StorageException">The temporary directory is full, missing or not writable. For pools on this machine.</exception>
    /// <exception cref="PayloadTooLargeException">The arguments of the initializer exceed 12 MiB. For pools on a cluster.</exception>
    /// <exception cref="OperationCanceledException">The start was canceled.</exception>
    public static async Task<ProcessPool> StartAsync(
        int processes = 0, string? connect = null, PoolOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PoolOptions();
        options.Validate();
        RequireProcesses(processes, connect);
        RequireStore(connect, options);
        if (options.DurableName is not null)
            _ = ProgramJobs.All;
        if (connect is null && options.Needs is { } needs)
        {
            throw new ArgumentException(
                $"Labels and resources ({needs}) apply only to the worker nodes of a cluster: pass connect, or remove "
                + "them.", nameof(options));
        }

        var wanted = processes == 0 && connect is null ? Environment.ProcessorCount : processes;
        return new ProcessPool(
            await PoolSession.OpenAsync(connect, wanted, options, cancellationToken).ConfigureAwait(false), options, wanted);
    }

    /// <summary>
    /// Drops every unfinished job, kills the workers and waits for their end, as Python's <c>terminate()</c>. In a durable pool it cancels
    /// the jobs that this program has submitted: a running one has <see cref="PoolOptions.CancellationGrace"/> to stop. The jobs of other
    /// programs continue.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait. The pool still ends; <see cref="JoinAsync"/> waits for that.</param>
    /// <returns>The numbers of jobs by outcome.</returns>
    /// <exception cref="CoordinatorLostException">The coordinator was lost, and the workers with it.</exception>
    /// <exception cref="DurableStoreException">The store of the durable pool failed.</exception>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    public async Task<PoolSummary> TerminateAsync(CancellationToken cancellationToken = default)
    {
        MarkClosed();
        _session.Terminate();
        return await WaitForEndAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Waits until every job has ended, every callback has run and every worker has ended, as Python's <c>join()</c>. The initializer has
    /// then run in every started worker, even in a pool without jobs.
    /// </summary>
    /// <remarks>
    /// A callback must not block on a join, because the join waits for the callback. A join that the callback itself calls throws at once;
    /// one on a thread or task that the callback started throws after the callback was blocked for 2 s. A callback that waits for any other
    /// joining thread, for example through a lock or an event, deadlocks.
    /// </remarks>
    /// <returns>The numbers of jobs by outcome.</returns>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Close()"/> or <see cref="TerminateAsync"/> was not called before, or a callback of this pool blocks on the result.
    /// </exception>
    /// <exception cref="PoolFailedException">The pool failed, for example because its initializer threw.</exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost.</exception>
    public Task<PoolSummary> JoinAsync(CancellationToken cancellationToken = default) => _isClosed
        ? WaitForJoinAsync(_callbacks.Running, cancellationToken)
        : throw new InvalidOperationException("Pool is still running: call Close or TerminateAsync before JoinAsync.");

    /// <summary>
    /// Kills a worker, to simulate a fault: its job is retried if permitted, and another worker replaces it. Does not wait for that. Does
    /// nothing when the worker or the pool has ended.
    /// </summary>
    /// <param name="worker">An element of <see cref="Workers"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="worker"/> is null.</exception>
    public void Kill(WorkerInfo worker)
    {
        ArgumentNullException.ThrowIfNull(worker);
        _session.SignalWorker(worker.Id, WorkerSignal.Kill);
    }

    /// <summary>Completes when all callbacks added so far have run.</summary>
    internal Task CallbacksIdle => _callbacks.Idle;

    internal static PoolSpec CreateSpec(int processes, Messages.BundleId bundle, PoolOptions options) =>
        AddServices(CreateSpecWithoutServices(processes, bundle, options), options);

    private static PoolSpec CreateSpecWithoutServices(int processes, Messages.BundleId bundle, PoolOptions options) => new(
        processes, bundle, options.Initializer?.Call.Function, options.Initializer?.Call.Arguments ?? default,
        options.MaxJobsPerWorker ?? 0, options.MaxMemoryPerWorker ?? 0, options.CancellationGraceMilliseconds,
        options.DurableName is not null ? 0 : TimeoutRule.ToMillisecondsOrZero(options.NodeTimeout),
        options.RecycleAboveMemory ?? 0, TimeoutRule.ToMillisecondsOrZero(options.RecycleAfter),
        options.DurableName ?? "", options.DurableName is not null, options.ResultRetentionMilliseconds,
        options.Needs, options.Acknowledgment == ResultAcknowledgment.None, options.Name ?? options.DurableName,
        Environment: EnvironmentRule.ToEnvironment(options), State: options.State?.Call.Function,
        StateArguments: options.State?.Call.Arguments ?? default, LogsFrom: options.LogsFrom, CancelsOn: options.CancelOn);

    internal JobHandle<T> SubmitCall<T>(PreparedCall call, JobOptions? options, CancellationToken cancellationToken)
    {
        var handle = CreateHandle<T>(options);
        SubmitPending(handle.Pending, call, options, cancellationToken);
        return handle;
    }

    internal ActionJobHandle SubmitCall(PreparedCall call, JobOptions? options, CancellationToken cancellationToken)
    {
        var handle = CreateHandle(options);
        SubmitPending(handle.Pending, call, options, cancellationToken);
        return handle;
    }

    internal static int GetMaxProcesses(string? connect) => connect is null ? MaxLocalProcesses : int.MaxValue;

    internal static void RequireProcesses(int processes, string? connect)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(processes);
        if (processes > GetMaxProcesses(connect))
        {
            throw new ArgumentOutOfRangeException(
                nameof(processes), processes, $"A pool on this machine has at most {MaxLocalProcesses} workers. Use fewer, or a cluster.");
        }
    }

    private JobHandle<T> CreateHandle<T>(JobOptions? options)
    {
        RequireSingleJobOptions(options);
        return new JobHandle<T>(_control, _callbacks.GetEndAction<T>(options));
    }

    private ActionJobHandle CreateHandle(JobOptions? options)
    {
        RequireSingleJobOptions(options);
        return new ActionJobHandle(_control, _callbacks.GetEndActionWithoutResult(options));
    }

    private static ClientMessage CreateDroppedMessage(long dropped) => new(
        ClientEvent.PoolDisposedEarly,
        $"ProcessPool: disposed with {dropped} unfinished job{(dropped == 1 ? "" : "s")}, which {(dropped == 1 ? "was" : "were")} dropped. "
        + "Await CompleteAsync before disposing to let jobs finish.");

    private async Task<PoolSummary> WaitForJoinAsync(RunningCallback? caller, CancellationToken cancellationToken)
    {
        var summary = await WaitForEndAsync(cancellationToken).ConfigureAwait(false);
        await _callbacks.WaitUntilIdleAsync(caller, cancellationToken).ConfigureAwait(false);
        await ReportUnseenAsync().ConfigureAwait(false);
        if (_session.Failure is { } failure)
            throw failure;
        return summary;
    }

    /// <summary>Waits for the end of the session. A canceled token cancels the wait even when the session has ended.</summary>
    private Task<PoolSummary> WaitForEndAsync(CancellationToken cancellationToken) => cancellationToken.IsCancellationRequested
        ? Task.FromCanceled<PoolSummary>(cancellationToken)
        : _session.Finished.WaitAsync(cancellationToken);
}
