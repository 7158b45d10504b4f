using Actors.Messages.Functions;
using Actors.Messages.Pools;
using Actors.Messages.Values;
using Actors.Pools;
using Actors.Runtime;

namespace Actors;

/// <summary>
/// A pool of supervised worker processes that run functions, as Python's <c>multiprocessing.Pool</c>, on this machine or on a cluster.
/// A function may be any static method, lambda, local function or instance method of the program's own assemblies; its arguments and
/// its result travel by value. Thread-safe.
/// <example>
/// <code>
/// await using var pool = await ProcessPool.StartAsync(processes: 3);
/// int[] squares = await pool.MapAsync(x => x * x, Enumerable.Range(0, 100));
/// </code>
/// </example>
/// </summary>
public sealed partial class ProcessPool : IAsyncDisposable, IDisposable
{
    private readonly PoolSession _session;
    private readonly PoolOptions _options;
    private readonly PoolCallbacks _callbacks = new();
    private readonly JobControl _control;
    private readonly Lock _ending = new();
    private bool _isOver;
    private bool _isReleased;

    internal ProcessPool(PoolSession session, PoolOptions options, int processes)
    {
        _session = session;
        _options = options;
        _control = new JobControl(session, this);
        // The callbacks and not the pool: the session outlives a pool that was forgotten, and must not keep it.
        session.WorkerChanged += _callbacks.OnExecutorChanged;
        Processes = processes;
        OpenPools.Add(session, processes);
    }

    /// <summary>How many workers the pool asked for; 0 when it takes every slot of a cluster.</summary>
    public int Processes { get; }

    /// <summary>The workers that run now.</summary>
    public IReadOnlyCollection<WorkerInfo> Workers => [.. _session.Workers.Values];

    /// <summary>How many submitted jobs have not ended.</summary>
    public int PendingJobs => _session.PendingJobs;

    /// <summary>
    /// Raised for every worker that becomes ready or has ended. Handlers are callbacks of the pool, called as <see cref="JobOptions.ErrorCallback"/> is: one at a time,
    /// and an exception of one is written to standard error.
    /// </summary>
    public event Action<WorkerInfo>? WorkerChanged
    {
        add => _callbacks.WorkerChanged += value;
        remove => _callbacks.WorkerChanged -= value;
    }

    /// <summary>Starts a pool. Returns when it accepts jobs; its processes start meanwhile.</summary>
    /// <param name="processes">
    /// The number of workers. 0, the default, is one for each processor of this machine, or every slot that the cluster's nodes offer.
    /// </param>
    /// <param name="connect">Null, the default, for a pool on this machine that needs nothing else running; <c>HOST:PORT</c> of a coordinator, or of several with commas between, for a cluster's.</param>
    /// <param name="options">How the pool is to be.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">What the options say does not go together, or not with <paramref name="connect"/>.</exception>
    /// <exception cref="FormatException"><paramref name="connect"/> is no address, and no list of such.</exception>
    /// <exception cref="InvalidOperationException">
    /// The coordinator is on another machine and there are no certificates; these, or the key file, cannot be used; the program's code cannot be handed to workers; the initializer
    /// has a managed object of another coordinator; or the coordinators do not open the durable pool: they have no store, or another client took it meanwhile.
    /// </exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">This program and the coordinator do not have the same key.</exception>
    /// <exception cref="CoordinatorUnreachableException">No coordinator answers at <paramref name="connect"/>, or it is of another version.</exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost meanwhile, or does not open the pool.</exception>
    /// <exception cref="DurableStoreException">The store of a durable pool cannot be used.</exception>
    /// <exception cref="StorageException">The temporary directory is full, missing, or not writable; for a pool of this program's own.</exception>
    /// <exception cref="PayloadTooLargeException">The arguments of the initializer do not fit into a message to a cluster.</exception>
    /// <exception cref="OperationCanceledException">Starting was given up.</exception>
    public static async Task<ProcessPool> StartAsync(
        int processes = 0, string? connect = null, PoolOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PoolOptions();
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(processes);
        RequireStore(connect, options);
        if (connect is null && options.Needs is { } needs)
            throw new ArgumentException($"Only the worker nodes of a cluster have labels and resources ({needs}): pass connect, or leave them out.", nameof(options));
        var wanted = processes == 0 && connect is null ? Environment.ProcessorCount : processes;
        return new ProcessPool(await PoolSession.OpenAsync(connect, wanted, options, cancellationToken).ConfigureAwait(false), options, wanted);
    }

    /// <summary>Drops every job that has not ended, kills the processes and waits until they are gone, as Python's <c>terminate()</c>.</summary>
    /// <param name="cancellationToken">Gives up waiting; the pool ends all the same, and <see cref="JoinAsync"/> waits for it.</param>
    /// <returns>How the jobs ended.</returns>
    /// <exception cref="CoordinatorLostException">The coordinator is gone, and the processes with it.</exception>
    /// <exception cref="DurableStoreException">The pool was durable, and its store took no more.</exception>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public async Task<PoolSummary> TerminateAsync(CancellationToken cancellationToken = default)
    {
        _isOver = true;
        _session.Terminate();
        return await FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the pool and lets it finish: <see cref="Close()"/> and <see cref="JoinAsync"/> in one, for the end of an <c>await using</c> block.</summary>
    /// <returns>How the jobs ended.</returns>
    /// <exception cref="InvalidOperationException">A callback of this pool blocks on the result: it would wait for itself. See <see cref="JoinAsync"/>.</exception>
    /// <exception cref="PoolFailedException">The pool has failed: for example, its initializer threw.</exception>
    /// <exception cref="CoordinatorLostException">The coordinator is gone.</exception>
    public Task<PoolSummary> CompleteAsync(CancellationToken cancellationToken = default)
    {
        Close();
        return JoinAsync(cancellationToken);
    }

    /// <summary>
    /// Waits until every job has ended, every callback has been called and every process is gone, as Python's <c>join()</c>. By then the initializer has run
    /// in every worker that was started, also in a pool without jobs.
    /// </summary>
    /// <remarks>
    /// A callback must not block until a join ends, as that waits for the callback. The join throws where it is called by the callback, or by a thread or
    /// task that the callback has started (when the callback has been blocked for 2 s). A callback that waits for any other thread that joins, for example
    /// by a lock or an event, never returns, and neither does the join.
    /// </remarks>
    /// <returns>How the jobs ended.</returns>
    /// <exception cref="InvalidOperationException">
    /// Neither <see cref="Close()"/> nor <see cref="TerminateAsync"/> was called before; or a callback of this pool blocks on the result, which would wait for
    /// that callback.
    /// </exception>
    /// <exception cref="PoolFailedException">The pool has failed: for example, its initializer threw.</exception>
    /// <exception cref="CoordinatorLostException">The coordinator is gone.</exception>
    public Task<PoolSummary> JoinAsync(CancellationToken cancellationToken = default) => _isOver
        ? JoinedAsync(_callbacks.Running, cancellationToken)
        : throw new InvalidOperationException("Pool is still running: call Close (or TerminateAsync) before JoinAsync.");

    /// <summary>
    /// Kills a worker, as a fault would: its job is run again where it may be, and another process takes its place. Does not wait for that. Nothing when the process, or
    /// the pool, has ended.
    /// </summary>
    /// <param name="worker">One of <see cref="Workers"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="worker"/> is null.</exception>
    public void Kill(WorkerInfo worker)
    {
        ArgumentNullException.ThrowIfNull(worker);
        _session.Kill(worker.Id);
    }

    /// <summary>
    /// Terminates the pool, as leaving Python's <c>with</c> block does: jobs that have not ended are dropped, and how many is said on
    /// standard error. Await <see cref="CompleteAsync"/> before to let them finish. A durable pool is left instead: its jobs are kept, and go on where it is
    /// (on a cluster at once, otherwise when it is opened again). Does not throw when the pool has failed or its coordinator is lost: its jobs report that.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        lock (_ending)
        {
            if (_isReleased)
                return;
            _isReleased = true;
        }

        GC.SuppressFinalize(this);
        OpenPools.Remove(_session);
        try
        {
            var summary = await (IsDurable ? DetachAsync() : TerminateAsync()).ConfigureAwait(false);
            if (summary.Dropped > 0 && !IsDurable)
                await StandardError.WriteLineAsync(DroppedMessage(summary.Dropped)).ConfigureAwait(false);
        }
        catch (Exception exception) when (_session.Finished.IsFaulted || exception is CoordinatorLostException)
        {
            // What ended the session has ended its jobs, which report it. Thrown again here, it would hide what the caller's block threw.
        }

        await ReportUnseenAsync().ConfigureAwait(false);
        await _session.OutputEnded.ConfigureAwait(false);
        await _session.Runtime.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>As <see cref="DisposeAsync"/>, blocking.</summary>
    public void Dispose()
    {
        Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    internal static PoolSpec Spec(int processes, Messages.BundleId bundle, PoolOptions options) => new(
        processes, bundle, options.Initializer?.Call.Function, options.Initializer?.Call.Arguments ?? default,
        options.MaxJobsPerWorker ?? 0, options.MaxMemoryPerWorker ?? 0, options.CancellationGraceMilliseconds,
        options.DurableName is not null ? 0 : TimeoutRule.MillisecondsOrZero(options.NodeTimeout),
        options.RecycleAboveMemory ?? 0, TimeoutRule.MillisecondsOrZero(options.RecycleAfter),
        options.DurableName ?? "", options.DurableName is not null, options.ResultsKeptMilliseconds,
        options.Needs);

    internal JobHandle<T> Submit<T>(PreparedCall call, JobOptions? options, CancellationToken cancellationToken)
    {
        RequireNoMapTimeout(options);
        var handle = new JobHandle<T>(static payload => ValueSerializer.Read<T>(payload.Span), _control, _callbacks.For<T>(options));
        SubmitPending(handle.Pending, call, options, cancellationToken);
        return handle;
    }

    internal ActionJobHandle Submit(PreparedCall call, JobOptions? options, CancellationToken cancellationToken)
    {
        RequireNoMapTimeout(options);
        var handle = new ActionJobHandle(_control, _callbacks.ForNoResult(options));
        SubmitPending(handle.Pending, call, options, cancellationToken);
        return handle;
    }

    internal void SubmitPending(PendingJob job, PreparedCall call, JobOptions? options, CancellationToken cancellationToken)
    {
        options?.Validate();
        job.Owner = this;
        if (options?.ErrorCallback is not null)
            job.See();
        var attempts = JobOptions.AttemptsOf(options, _options.MaxAttempts);
        _session.Submit(job, call, options?.TimeoutMilliseconds ?? 0, attempts, cancellationToken);
    }

    private static string DroppedMessage(long dropped) =>
        $"ProcessPool: disposed with {dropped} unfinished job{(dropped == 1 ? "" : "s")}, which {(dropped == 1 ? "was" : "were")} dropped. "
        + "Await CompleteAsync before disposing to let jobs finish.";

    private static void RequireNoMapTimeout(JobOptions? options)
    {
        if (options?.MapTimeout is not null)
            throw new ArgumentException($"{nameof(JobOptions.MapTimeout)} limits a whole map. Limit a single job with {nameof(JobOptions.Timeout)}.", nameof(options));
    }

    private async Task<PoolSummary> JoinedAsync(RunningCallback? caller, CancellationToken cancellationToken)
    {
        var summary = await FinishAsync(cancellationToken).ConfigureAwait(false);
        await _callbacks.IdleAsync(caller, cancellationToken).ConfigureAwait(false);
        await ReportUnseenAsync().ConfigureAwait(false);
        if (_session.Failure is { } failure)
            throw failure;
        return summary;
    }

    /// <summary>A wait that was given up before it began is given up, also where there is nothing left to wait for.</summary>
    private Task<PoolSummary> FinishAsync(CancellationToken cancellationToken) => cancellationToken.IsCancellationRequested
        ? Task.FromCanceled<PoolSummary>(cancellationToken)
        : _session.Finished.WaitAsync(cancellationToken);
}
