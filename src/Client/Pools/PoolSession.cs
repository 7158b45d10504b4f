using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Objects;
using Actors.Runtime;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>
/// The client side of a pool: numbers jobs, sends them in batches (one message in transit at a time), and ends every job exactly once.
/// Thread-safe.
/// </summary>
internal sealed partial class PoolSession : IDurablePoolSession
{
    private readonly PendingJobs _pending = new();
    private readonly Lock _submitting = new();
    private readonly SemaphoreSlim _jobSlots;
    private readonly TaskCompletionSource<PoolSummary> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<CancellationToken, Task<IClientRuntime>>? _reopen;
    private readonly PoolOptions _options;
    private readonly bool _isRemote;
    private readonly OutputWriter _output;
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IClientRuntime _runtime;
    private PoolSpec _spec;
    private readonly Queue<ImmutableArray<JobSpec>> _batches = new();
    private ImmutableArray<JobSpec>.Builder _gathered = ImmutableArray.CreateBuilder<JobSpec>();
    private IActorRef _pool = ActorRefs.Nobody;
    private IActorRef _self = ActorRefs.Nobody;
    private readonly List<JobId> _cancelled = [];
    private readonly PoolTally _tally = new();
    private bool _isSending;
    private long _lastId;
    private long _lastWorker;
    private long _lastSent;
    private Exception? _endReason;
    private Exception? _closedBefore;
    private Exception? _failure;

    private PoolSession(
        IClientRuntime runtime, PoolSpec spec, PoolOptions options, Func<CancellationToken, Task<IClientRuntime>>? reopen)
    {
        (_runtime, _spec, _options, _reopen) = (runtime, spec, options, reopen);
        _isRemote = !runtime.Coordinator.Path.Address.HasLocalScope;
        _jobSlots = new SemaphoreSlim(options.MaxPendingJobs);
        _output = new OutputWriter(options);
    }

    /// <summary>The running workers.</summary>
    public ConcurrentDictionary<ExecutorId, WorkerInfo> Workers { get; } = new();

    /// <inheritdoc/>
    IReadOnlyList<WorkerInfo> IPoolSession.Workers => [.. Workers.Values.OrderBy(worker => worker.Number)];

    /// <inheritdoc/>
    public TimeProvider Clock => TimeProvider.System;

    /// <summary>Raised when a worker becomes ready or ends.</summary>
    public event Action<WorkerInfo>? WorkerChanged;

    /// <summary>Completes when every job and every worker has ended.</summary>
    public Task<PoolSummary> Finished => _finished.Task;

    /// <summary>Completes soon after the end of the pool, when the output of its workers is written or dropped.</summary>
    public Task OutputEnded => _output.EndOutputAsync();

    /// <summary>The reason why the pool failed; null while it has not.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_submitting)
                return _failure;
        }
    }

    /// <summary>The current connection to the coordinator.</summary>
    public IClientRuntime Runtime => _runtime;

    /// <summary>The unobserved failures.</summary>
    public UnseenFailures UnseenFailures => _tally.Unseen;

    /// <summary>The number of unfinished jobs.</summary>
    public int PendingJobs => _pending.Count;

    /// <summary>Submits a job. Blocks while the limit of outstanding jobs or of concurrent uploads is reached.</summary>
    /// <exception cref="InvalidOperationException">
    /// The pool no longer accepts jobs, or a managed object belongs to another coordinator.
    /// </exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost.</exception>
    /// <exception cref="DurableStoreException">The store of the durable pool failed.</exception>
    /// <exception cref="PayloadTooLargeException">The pool is durable and on a cluster, and the arguments exceed 12 MiB.</exception>
    public void SubmitJob(PendingJob job, PreparedCall call, JobPolicy policy, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireSendable(call.Function, call.Arguments);
        if (call.KeptAlive is { } references)
            ObjectProxy.RequireReachable(references, _runtime.Objects);
        var isStored = NeedsUpload(call.Arguments);
        AcquireSlots(isStored, cancellationToken);
        lock (_submitting)
        {
            if (FindRefusal() is { } reason)
            {
                ReleaseSlots(isStored);
                throw reason;
            }

            job.Id = new JobId(++_lastId);
            job.HasHiddenId = _spec.IsDurable;
            job.Retained = call.KeptAlive;
            job.Function = call.Function.Name;
            job.HasSlot = true;
            TrackReceipt(job);
            // Before the job can end, because its end removes the registration.
            if (cancellationToken.CanBeCanceled)
                job.Cancellation = CancelOn(job, cancellationToken);
            _usesKeys |= policy.Key is not null;
            var spec = new JobSpec(job.Id, call.Function, call.Arguments, policy);
            job.Spec = RetainsJobs ? spec : null;
            _pending.TryAdd(job);
            SendJob(spec, isStored);
        }
    }

    private void SendJob(JobSpec job, bool isStored)
    {
        if (!isStored)
        {
            _gathered.Add(job);
            SendGathered();
        }
        else if (_isReconnecting)
        {
            _uploadSlots.Release();
        }
        else
        {
            StartUpload(job, waitsForSlot: false);
        }
    }

    /// <summary>Cancels a job. The cancellation of a job that was not sent follows the job.</summary>
    public void CancelJob(long job)
    {
        if (_pending.FindJob(job) is { } pending)
            CancelJob(pending);
    }

    private CancellationTokenRegistration CancelOn(PendingJob job, CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(_ => CancelJob(job), null);

    private void CancelJob(PendingJob job)
    {
        lock (_submitting)
        {
            job.IsCancelled = true;
            if (CancelUpload(job.Id.Value))
                return;
            if (IsSent(job.Id))
                CancelSent(job.Id);
            else
                _cancelled.Add(job.Id);
        }
    }

    private void CancelSent(JobId job)
    {
        // The job may have ended before the cancellation.
        if (_pending.FindJob(job.Value) is not null)
            _cancelRequests.Add(job);
        _pool.Tell(new PoolProtocol.CancelJobs([job]), _self);
    }

    public void TerminateWorker(ExecutorId executor) => _pool.Tell(new PoolProtocol.TerminateWorker(executor), _self);

    /// <summary>Requests the progress of running chunks, which arrives at <see cref="PendingJob.ReportProgress"/>.</summary>
    public void AskProgress() => _pool.Tell(new PoolProtocol.RequestMapProgress(), _self);

    internal void OnProgress(PoolProtocol.MapProgressReport report)
    {
        for (var job = _pending.FindJob(report.Job.Value); job is not null; job = job.Next)
            job.ReceiveProgress(report.Items, report.Value);
    }

    public void KillWorker(ExecutorId executor) => _pool.Tell(new PoolProtocol.KillWorker(executor), _self);

    /// <inheritdoc/>
    public void SignalWorker(ExecutorId worker, WorkerSignal signal)
    {
        if (signal == WorkerSignal.Kill)
            KillWorker(worker);
        else if (signal == WorkerSignal.Terminate)
            TerminateWorker(worker);
        else if (_isRemote)
        {
            throw new NotSupportedException(
                $"{signal} cannot be sent to a worker on a cluster: use {WorkerSignal.Kill} or {WorkerSignal.Terminate}.");
        }
        else if (Workers.TryGetValue(worker, out var running))
            ProcessSignals.SendSignal(running.ProcessId, signal);
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync() => _runtime.DisposeAsync();

    /// <summary>Writes a text to the stream for standard error, behind the earlier output.</summary>
    /// <returns>A task that completes when the text is written.</returns>
    public Task WriteErrorAsync(string text)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _output.WriteOutput(isError: true, Encoding.UTF8.GetBytes(text), () => written.TrySetResult());
        return written.Task;
    }

    internal void OnWorkerStarted(WorkerInfo executor)
    {
        var started = executor with { Number = ++_lastWorker, Session = this };
        Workers[executor.Id] = started;
        WorkerChanged?.Invoke(started);
    }

    internal void OnWorkerEnded(WorkerInfo executor)
    {
        Workers.TryRemove(executor.Id, out _);
        WorkerChanged?.Invoke(executor);
    }

    /// <summary>
    /// Records that the pool failed; its jobs end with the same reason. A durable pool that is reopened elsewhere may continue.
    /// </summary>
    internal void OnFailed(FailureInfo reason)
    {
        lock (_submitting)
            _failure = OutcomeExceptions.PoolFailed(reason);
    }

    /// <summary>Handles the loss of the pool: ends its jobs, or reconnects.</summary>
    /// <param name="exception">The reason.</param>
    /// <param name="by">The session actor that reports the loss.</param>
    /// <param name="withCoordinator">Whether the coordinator was lost too; otherwise other users of the connection continue.</param>
    internal void OnLost(Exception exception, IActorRef by, bool withCoordinator)
    {
        var now = ClassifyLoss(by, withCoordinator);
        if (withCoordinator && now != Loss.Outdated)
            _runtime.MarkLost();
        switch (now)
        {
            case Loss.Outdated: break;
            case Loss.WhileOpening: _opened.TrySetException(exception); break;
            case Loss.Reconnect: _ = ReopenPoolAsync(withCoordinator); break;
            case Loss.Permanent: EndWithLoss(exception); break;
        }
    }
}
