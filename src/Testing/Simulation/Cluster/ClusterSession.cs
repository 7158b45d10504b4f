using Actors.Memory;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Objects;
using Actors.Pools;

namespace Actors.Testing;

/// <summary>
/// The client's side of a pool in a simulated cluster. The real <see cref="ClientPoolState"/> decides; this class carries out its decisions
/// over the simulated network, as <c>PoolSession</c> does over the real one. Thread-safe: code of the test calls the state under a lock,
/// and a step of the simulation carries out the effects.
/// </summary>
internal sealed partial class ClusterSession : IPoolSession
{
    private readonly Lock _access = new();
    private readonly ClientPoolState _state;
    private readonly Dictionary<long, SentJob> _jobs = [];
    private readonly PoolTally _tally = new();
    private readonly JobQueries _inquiries = new();
    private readonly JobQueries _withdrawals = new();
    private readonly LocalShares _shares = new();
    private readonly TaskCompletionSource<PoolSummary> _finished = new(SimulatedThread.Continuations);
    private readonly SemaphoreSlim _slots;
    private readonly SimulatedCluster _cluster;
    private PoolConnection? _connection;
    private bool _isEnding;

    /// <param name="cluster">The cluster.</param>
    /// <param name="processes">The number of workers; 0 for all slots.</param>
    /// <param name="options">The options.</param>
    /// <param name="faults">Injects faults.</param>
    public ClusterSession(SimulatedCluster cluster, int processes, PoolOptions options, FaultInjector faults)
    {
        (_cluster, Faults) = (cluster, faults);
        _slots = new SemaphoreSlim(options.MaxPendingJobs);
        Spec = ProcessPool.CreateSpec(processes, BundleId.ThisProcess, options);
        _state = new ClientPoolState(new ClientPoolRules
        {
            Name = Spec.Name,
            IsDurable = false,
            // Messages of a simulation have no limit of size, so nothing is uploaded.
            IsRemote = false,
            CanReopen = true,
        });
    }

    /// <inheritdoc/>
    public event Action<WorkerInfo>? WorkerChanged;

    /// <summary>The options of the pool.</summary>
    public PoolSpec Spec { get; }

    /// <summary>Injects the faults of jobs.</summary>
    public FaultInjector Faults { get; }

    /// <summary>The number of jobs that were started more often than once, although they may run only once. Must be 0.</summary>
    public int BrokenPromises { get; private set; }

    /// <inheritdoc/>
    public TimeProvider Clock => _cluster.Clock;

    /// <inheritdoc/>
    public int PendingJobs => Read(static state => state.PendingJobs);

    /// <summary>The unfinished jobs, for messages.</summary>
    public IReadOnlyList<string> Unfinished => Read(_ =>
        _jobs.Values.Select(sent => sent.Job).OrderBy(job => job.Id.Value).Select(job => job.Call.ToString()).ToList());

    /// <inheritdoc/>
    public UnseenFailures UnseenFailures => _tally.Unseen;

    /// <inheritdoc/>
    public Task<PoolSummary> Finished => _finished.Task;

    /// <inheritdoc/>
    public Task OutputEnded => Task.CompletedTask;

    /// <inheritdoc/>
    public long LastJob => Read(static state => state.LastJob);

    /// <inheritdoc/>
    public Exception? Failure => Read(static state => state.Failure);

    /// <inheritdoc/>
    public IReadOnlyList<WorkerInfo> Workers => Read(_ => _workers.ToList());

    /// <inheritdoc/>
    public Guid CreateOrigin() => _cluster.NewOrigin();

    /// <inheritdoc/>
    public void SubmitJob(PendingJob job, PreparedCall call, JobPolicy policy, CancellationToken cancellationToken)
    {
        SimulatedRun.RequireAlive();
        cancellationToken.ThrowIfCancellationRequested();
        RequireSendable(call);
        AcquireSlot(cancellationToken);
        lock (_access)
        {
            if (_state.FindRefusal() is { } reason)
            {
                _slots.Release();
                throw reason;
            }

            (job.Retained, job.Function, job.HasSlot) = (call.KeptAlive, call.Function.Name, true);
            var spec = _state.AddJob(job, call.Function, call.Arguments, policy);
            _jobs.Add(job.Id.Value, new SentJob(job, ExecutionContext.Capture()));
            if (cancellationToken.CanBeCanceled)
                job.Cancellation = cancellationToken.UnsafeRegister(_ => CancelJob(job.Id.Value), null);
            _state.SendJob(spec);
            _cluster.Scheduler.PostCode(CarryOutEffects);
        }
    }

    /// <inheritdoc/>
    public void RequestAcceptance(PendingJob job) => RequestUpdate(state => state.RequestAcceptance(job));

    /// <inheritdoc/>
    public void CancelJob(long job) => RequestUpdate(state =>
    {
        if (state.FindJob(new JobId(job)) is { } pending)
            state.CancelJob(pending);
    });

    /// <inheritdoc/>
    public Task WithdrawJobAsync(JobId job) => RequestUpdate(state =>
    {
        if (state.FindJob(job) is null)
            return Task.CompletedTask;
        if (_withdrawals.TryAdd(job, out var answer))
            state.WithdrawJob(job);
        return answer;
    });

    /// <inheritdoc/>
    public void ForgetWithdrawal(JobId job)
    {
        lock (_access)
            _withdrawals.CompleteQuery(job, false);
    }

    /// <inheritdoc/>
    public Task<bool> QueryIsRunningAsync(JobId job) => RequestUpdate(state =>
    {
        if (_inquiries.TryAdd(job, out var answer) && !state.QueryJob(job))
            _inquiries.CompleteQuery(job, false);
        return answer;
    });

    /// <summary>Does nothing: the items of a running chunk are not counted.</summary>
    public void AskProgress()
    {
    }

    /// <inheritdoc/>
    public void SignalWorker(ExecutorId worker, WorkerSignal signal) =>
        _cluster.Scheduler.PostCode(() => _cluster.FindExecutor(worker)?.Signal(signal));

    /// <inheritdoc/>
    public Task<SharedReference> ShareContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Task.FromResult(_shares.AddValue(content));

    /// <inheritdoc/>
    public void DropShared(PayloadId id) => _shares.RemoveValue(id);

    /// <inheritdoc/>
    public void RequireOpen()
    {
        SimulatedRun.RequireAlive();
        if (Read(static state => state.FindRefusal()) is { } reason)
            throw reason;
    }

    /// <inheritdoc/>
    public void Close(bool cancelPending)
    {
        _isEnding = true;
        RequestUpdate(state => state.Close(cancelPending));
    }

    /// <inheritdoc/>
    public void Terminate()
    {
        _isEnding = true;
        var dropped = RequestUpdate(static state => state.BeginTermination());
        DropJobs(dropped, Failure ?? PoolEndReasons.CreateDropped());
        RequestUpdate(static state => state.RequestTermination());
        _cluster.Scheduler.PostCode(EndIfNotReopened);
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync()
    {
        _cluster.Release(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Counts the work that waits for something: unfinished jobs, and the end of the pool. Takes no lock: the scheduler calls it under its
    /// own, which code that holds the lock of the session may wait for.
    /// </summary>
    public int CountWork() => _finished.Task.IsCompleted ? 0 : _state.PendingJobs + (_isEnding ? 1 : 0);

    /// <summary>Counts a start of a job.</summary>
    /// <returns>The number of starts.</returns>
    public int CountStart(JobSpec job)
    {
        var starts = FindSent(job.Id) is { } sent ? ++sent.Starts : 1;
        if (starts > 1 && job.Policy.IsAtMostOnce)
            BrokenPromises++;
        return starts;
    }

    /// <summary>Counts the items of a job; 1 for a job that has ended.</summary>
    public int CountItems(JobId job) => FindSent(job)?.Job.Items ?? 1;

    /// <summary>Runs the code of a job in the execution context of its submission.</summary>
    public void RunInFlowOf(JobId job, Action code)
    {
        if (FindSent(job)?.Flow is { } flow)
            ExecutionContext.Run(flow, static run => ((Action)run!)(), code);
        else
            code();
    }

    private SentJob? FindSent(JobId job) => Read(_ => _jobs.GetValueOrDefault(job.Value));

    private void RequireSendable(PreparedCall call)
    {
        if (call.Arguments.Length > ExecutorProtocol.LargestPayload)
        {
            throw new PayloadTooLargeException(
                WireLimits.DescribeTooLargeForWorker($"The arguments of {call.Function.Name}", call.Arguments.Length));
        }

        if (call.KeptAlive is { } references)
            ObjectProxy.RequireReachable(references, _cluster.ClientObjects);
    }

    private void AcquireSlot(CancellationToken cancellationToken)
    {
        if (_slots.Wait(TimeSpan.Zero, cancellationToken))
            return;
        var acquired = _slots.WaitAsync(cancellationToken);
        acquired.WaitForResult();
    }

    private T Read<T>(Func<ClientPoolState, T> read)
    {
        lock (_access)
            return read(_state);
    }

    /// <summary>Changes the state for code of the test, on any thread. The simulation carries out the effects.</summary>
    private T RequestUpdate<T>(Func<ClientPoolState, T> command)
    {
        var result = Read(command);
        _cluster.Scheduler.PostCode(CarryOutEffects);
        return result;
    }

    private void RequestUpdate(Action<ClientPoolState> command) => RequestUpdate(state =>
    {
        command(state);
        return true;
    });

    /// <summary>A job that was submitted and has not ended.</summary>
    /// <param name="Job">The job.</param>
    /// <param name="Flow">The execution context of the submission.</param>
    private sealed record SentJob(PendingJob Job, ExecutionContext? Flow)
    {
        /// <summary>The number of times that a worker has started the job.</summary>
        public int Starts { get; set; }
    }
}
