using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Objects;
using Actors.Pools;
using Microsoft.Extensions.Logging;

namespace Actors.Testing;

/// <summary>
/// The client's side of a pool in a simulated cluster. The real <see cref="ClientPoolState"/> decides; this class carries out its decisions
/// over the simulated network, as <c>PoolSession</c> does over the real one. Thread-safe: code of the test calls the state under a lock,
/// and a step of the simulation carries out the effects.
/// </summary>
internal sealed partial class ClusterSession
{
    private readonly Lock _access = new();
    private readonly ClientPoolState _state;
    private readonly PoolTally _tally = new();
    private readonly JobQueries _inquiries = new();
    private readonly JobQueries _withdrawals = new();
    private readonly LocalShares _shares = new();
    private readonly TaskCompletionSource<PoolSummary> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _slots;
    private readonly FaultInjector _faults;
    private readonly SessionId _session;
    private readonly ResultAcknowledgment _acknowledgment;
    private readonly SimulatedCluster _cluster;
    private readonly ILoggerFactory? _loggers;
    private PoolConnection? _connection;
    private bool _isEnding;
    private bool _isFinishDue;

    /// <param name="cluster">The cluster.</param>
    /// <param name="processes">The number of workers; 0 for all slots.</param>
    /// <param name="options">The options.</param>
    /// <param name="faults">Injects faults.</param>
    public ClusterSession(SimulatedCluster cluster, int processes, PoolOptions options, FaultInjector faults)
    {
        (_cluster, _faults, _acknowledgment, _loggers) = (cluster, faults, options.Acknowledgment, options.LoggerFactory);
        _slots = new SemaphoreSlim(options.MaxPendingJobs);
        Spec = ProcessPool.CreateSpec(processes, BundleId.ThisProcess, options);
        Runs = Spec.IsDurable ? cluster.GetRuns(PoolId.FromName(Spec.Name)) : new JobRuns();
        _session = Spec.IsDurable ? cluster.NewSessionId() : default;
        _state = new ClientPoolState(new ClientPoolRules
        {
            Name = Spec.Name,
            IsDurable = Spec.IsDurable,
            // Messages of a simulation have no limit of size: the arguments of a pool that is not durable would be uploaded.
            IsRemote = Spec.IsDurable,
            CanReopen = true,
            IsAcknowledgedExplicitly = options.Acknowledgment == ResultAcknowledgment.Explicit,
        });
    }

    /// <inheritdoc/>
    public event Action<WorkerInfo>? WorkerChanged;

    /// <summary>The options of the pool.</summary>
    public PoolSpec Spec { get; }

    /// <summary>The jobs, for the workers.</summary>
    public JobRuns Runs { get; }

    /// <inheritdoc/>
    public TimeProvider Clock => _cluster.Clock;

    /// <inheritdoc/>
    public int PendingJobs => Read(static state => state.PendingJobs);

    /// <summary>The unfinished jobs, for messages.</summary>
    public IReadOnlyList<string> Unfinished => Read(static state =>
        state.Jobs.OrderBy(job => job.Id.Value).Select(job => job.Call.ToString()).ToList());

    /// <inheritdoc/>
    public UnseenFailures UnseenFailures => _tally.Unseen;

    /// <inheritdoc/>
    public Task<PoolSummary> Finished => _finished.Task;

    /// <inheritdoc/>
    public Task OutputEnded => Task.CompletedTask;

    /// <inheritdoc/>
    public long LastJob => Read(static state => state.LastJob);

    /// <inheritdoc/>
    public long NextJob => Read(static state => state.NextJob.Value);

    /// <inheritdoc/>
    public Exception? Failure => Read(static state => state.Failure);

    /// <inheritdoc/>
    public bool IsReconnecting => Read(static state => state.IsReconnecting);

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
            job.HasHiddenId = Spec.IsDurable;
            TrackReceipt(job);
            var spec = _state.AddJob(job, call.Function, call.Arguments, policy);
            Runs.AddJob(job, _faults);
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
    public Task<SharedReference> ShareContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Spec.IsDurable
        ? throw new InvalidOperationException(SharedReference.ForDurablePool)
        : Task.FromResult(_shares.AddValue(content));

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
        _isEnding = !_finished.Task.IsCompleted;
        RequestUpdate(state => state.Close(cancelPending));
    }

    /// <inheritdoc/>
    public void Terminate()
    {
        _isEnding = !_finished.Task.IsCompleted;
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
    public int CountWork() => _ended.Task.IsCompleted ? 0 : _state.PendingJobs + (_isEnding ? 1 : 0);

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
}
