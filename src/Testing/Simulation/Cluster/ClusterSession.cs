using System.Collections.Immutable;
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
/// The client's side of a pool in a simulated cluster: submits jobs once and in order, acknowledges outcomes, and opens the pool again
/// after the loss of its coordinator, with the messages of the real protocol. Thread-safe: the simulation runs all but the submission.
/// </summary>
internal sealed partial class ClusterSession : IPoolSession
{
    private readonly Lock _access = new();
    private readonly PendingJobs _pending = new();
    private readonly PoolTally _tally = new();
    private readonly LocalShares _shares;
    private readonly TaskCompletionSource<PoolSummary> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<long, ExecutionContext?> _flows = [];
    private readonly SemaphoreSlim _slots;
    private readonly SimulatedCluster _cluster;
    private readonly PoolOptions _options;
    private readonly PoolSpec _spec;
    private Exception? _endReason;
    private Exception? _failure;
    private long _lastId;

    /// <param name="cluster">The cluster.</param>
    /// <param name="processes">The number of workers; 0 for all slots.</param>
    /// <param name="options">The options.</param>
    /// <param name="faults">Injects faults.</param>
    public ClusterSession(SimulatedCluster cluster, int processes, PoolOptions options, FaultInjector faults)
    {
        (_cluster, _options, Faults) = (cluster, options, faults);
        _slots = new SemaphoreSlim(options.MaxPendingJobs);
        _shares = new LocalShares();
        _spec = ProcessPool.CreateSpec(processes, BundleId.ThisProcess, options);
    }

    /// <inheritdoc/>
    public event Action<WorkerInfo>? WorkerChanged;

    /// <summary>Injects the faults of jobs.</summary>
    public FaultInjector Faults { get; }

    /// <summary>The number of jobs that were started once at most, and more often than that. Must be 0.</summary>
    public int BrokenPromises { get; private set; }

    /// <inheritdoc/>
    public TimeProvider Clock => _cluster.Clock;

    /// <inheritdoc/>
    public Guid CreateOrigin() => _cluster.NewOrigin();

    /// <inheritdoc/>
    public int PendingJobs => _pending.Count;

    /// <summary>The unfinished jobs, for messages.</summary>
    public IEnumerable<string> Unfinished => _pending.All.OrderBy(job => job.Id.Value).Select(job => job.Call.ToString());

    /// <inheritdoc/>
    public UnseenFailures UnseenFailures => _tally.Unseen;

    /// <inheritdoc/>
    public Task<PoolSummary> Finished => _finished.Task;

    /// <inheritdoc/>
    public Task OutputEnded => Task.CompletedTask;

    /// <inheritdoc/>
    public long LastJob
    {
        get
        {
            lock (_access)
                return _lastId;
        }
    }

    /// <inheritdoc/>
    public Exception? Failure
    {
        get
        {
            lock (_access)
                return _failure;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<WorkerInfo> Workers
    {
        get
        {
            lock (_access)
                return [.. _workers];
        }
    }

    /// <inheritdoc/>
    public void SubmitJob(PendingJob job, PreparedCall call, JobPolicy policy, CancellationToken cancellationToken)
    {
        SimulatedRun.RequireAlive();
        cancellationToken.ThrowIfCancellationRequested();
        RequireSendable(call);
        AcquireSlot(cancellationToken);
        lock (_access)
        {
            if ((_failure ?? _endReason) is { } reason)
            {
                _slots.Release();
                throw reason;
            }

            job.Id = new JobId(++_lastId);
            (job.Retained, job.Function, job.HasSlot) = (call.KeptAlive, call.Function.Name, true);
            var spec = job.Spec = new JobSpec(job.Id, call.Function, call.Arguments, policy);
            _flows[job.Id.Value] = ExecutionContext.Capture();
            _pending.TryAdd(job);
            _cluster.Scheduler.PostCode(() => SendSubmission(spec));
            if (cancellationToken.CanBeCanceled)
                job.Cancellation = cancellationToken.UnsafeRegister(_ => CancelJob(job.Id.Value), null);
        }
    }

    /// <inheritdoc/>
    public void RequestAcceptance(PendingJob job) => _cluster.Scheduler.PostCode(() =>
    {
        _asksForAcceptance |= !job.IsAcceptanceKnown;
        AskForAcceptance();
    });

    /// <inheritdoc/>
    public void CancelJob(long job) => _cluster.Scheduler.PostCode(() =>
    {
        if (_pending.FindJob(job) is not { } pending)
            return;
        pending.IsCanceled = true;
        Send(new PoolProtocol.CancelJobs([new JobId(job)]));
    });

    /// <inheritdoc/>
    public Task WithdrawJobAsync(JobId job)
    {
        var started = new TaskCompletionSource(SimulatedThread.Continuations);
        _cluster.Scheduler.PostCode(() =>
        {
            _withdrawals[job] = started;
            Send(new PoolProtocol.WithdrawJobs([job]));
        });
        return started.Task;
    }

    /// <inheritdoc/>
    public void ForgetWithdrawal(JobId job) => _cluster.Scheduler.Post(() => _withdrawals.Remove(job));

    /// <inheritdoc/>
    public Task<bool> QueryIsRunningAsync(JobId job) => Task.FromResult(_pool?.IsRunning(job) ?? false);

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
        lock (_access)
        {
            if ((_failure ?? _endReason) is { } reason)
                throw reason;
        }
    }

    /// <inheritdoc/>
    public void Close(bool cancelPending)
    {
        lock (_access)
            _endReason ??= PoolEndReasons.CreateClosed();
        _cluster.Scheduler.PostCode(() =>
        {
            if (cancelPending)
                Send(new PoolProtocol.WithdrawAllJobs());
            SendLastRequest(new PoolProtocol.ClosePool());
        });
    }

    /// <inheritdoc/>
    public void Terminate()
    {
        lock (_access)
            _endReason = PoolEndReasons.CreateTerminated();
        EndAllJobs(_failure ?? PoolEndReasons.CreateDropped());
        _cluster.Scheduler.PostCode(() => SendLastRequest(new PoolProtocol.TerminatePool()));
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync()
    {
        _cluster.Release(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Counts the work that waits for something: unfinished jobs, and the end of the pool.</summary>
    public int CountWork() => _finished.Task.IsCompleted ? 0 : _pending.Count + (_lastRequest is null ? 0 : 1);

    /// <summary>Counts a start of a job.</summary>
    /// <returns>The number of starts.</returns>
    public int CountStart(JobSpec job)
    {
        var starts = _starts[job.Id] = _starts.GetValueOrDefault(job.Id) + 1;
        if (starts > 1 && job.Policy.IsAtMostOnce)
            BrokenPromises++;
        return starts;
    }

    /// <summary>Counts the items of a job; 1 for a job that has ended.</summary>
    public int CountItems(JobId job) => _pending.FindJob(job.Value)?.Items ?? 1;

    /// <summary>Runs the code of a job in the execution context of its submission.</summary>
    public void RunInFlowOf(JobId job, Action code)
    {
        ExecutionContext? flow;
        lock (_access)
            flow = _flows.GetValueOrDefault(job.Value);
        if (flow is null)
            code();
        else
            ExecutionContext.Run(flow, static run => ((Action)run!)(), code);
    }

    /// <summary>Ends all jobs with an exception, because nothing can happen any more.</summary>
    public void EndAllJobs(Exception reason)
    {
        var ends = new EndExceptions(reason);
        foreach (var job in _pending.All)
        {
            if (!_pending.TryRemove(job.Id.Value, out _))
                continue;
            _tally.CountDropped(job);
            ReleaseJob(job);
            job.EndWith(ends.GetException(job));
        }
    }

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

    private void ReleaseJob(PendingJob job)
    {
        _slots.Release();
        job.Cancellation.Unregister();
        job.Retained = null;
        lock (_access)
            _flows.Remove(job.Id.Value);
    }
}
