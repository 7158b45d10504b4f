using System.Collections.Concurrent;
using Actors.Coordinator.Pools;
using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Payloads;
using Actors.Messages.Pools;
using Actors.Objects;
using Actors.Pools;

namespace Actors.Testing;

/// <summary>
/// A pool in memory: the decisions are those of the real <see cref="PoolState"/>, and functions run in this process, on the thread that
/// calls <see cref="RunNext"/>. Thread-safe.
/// </summary>
internal sealed partial class SimulatedSession : IPoolSession
{
    private readonly Lock _access = new();
    private readonly PendingJobs _pending = new();
    private readonly PoolTally _tally = new();
    private readonly LocalShares _shares;
    private readonly TaskCompletionSource<PoolSummary> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _slots;
    private readonly PoolOptions _options;
    private readonly PoolState _state;
    private readonly PoolSpec _spec;
    private readonly JobSite _site;
    private readonly FaultInjector _faults;
    private readonly bool _runsAtOnce;
    private readonly long _startedAt;
    private readonly ConcurrentBag<Task> _disposals = [];
    private IObjectChannel? _objects;
    private Exception? _endReason;
    private Exception? _failure;
    private long _lastId;

    /// <param name="processes">The number of workers.</param>
    /// <param name="options">The options of the pool.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="runsAtOnce">Whether jobs run at their submission, on the thread of the caller; otherwise only when asked to.</param>
    /// <param name="faults">Injects faults.</param>
    public SimulatedSession(int processes, PoolOptions options, TimeProvider clock, bool runsAtOnce, FaultInjector faults)
    {
        (_options, Clock, _runsAtOnce, _faults, _startedAt) = (options, clock, runsAtOnce, faults, clock.GetTimestamp());
        _slots = new SemaphoreSlim(options.MaxPendingJobs);
        _shares = new LocalShares();
        Objects = new MemoryObjects(clock);
        _objects = ObjectProxy.FindChannel(options.Initializer?.Call.KeptAlive)
            ?? ObjectProxy.FindChannel(options.State?.Call.KeptAlive);
        _spec = ProcessPool.CreateSpec(processes, BundleId.ThisProcess, options);
        _site = new JobSite(_spec.DisplayName, NodeName, clock, ReportProgress, SendsInline: true) { LogsFrom = _spec.LogsFrom };
        _state = new PoolState(_spec);
        lock (_access)
        {
            for (var i = 0; i < processes; i++)
                AddWorker();
            _state.ExecutorsGranted(processes);
        }
    }

    /// <inheritdoc/>
    public event Action<WorkerInfo>? WorkerChanged;

    /// <inheritdoc/>
    public TimeProvider Clock { get; }

    /// <summary>The managed objects of the pool's own managers.</summary>
    public MemoryObjects Objects { get; }

    /// <inheritdoc/>
    public int PendingJobs => _pending.Count;

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

    private TimeSpan Now => Clock.GetElapsedTime(_startedAt);

    /// <inheritdoc/>
    public void SubmitJob(PendingJob job, PreparedCall call, JobPolicy policy, CancellationToken cancellationToken)
    {
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
            _pending.TryAdd(job);
            job.MarkAccepted();
            Decide(() => _state.SubmitJobs([new JobSpec(job.Id, call.Function, call.Arguments, policy)], Now));
            if (cancellationToken.CanBeCanceled)
                job.Cancellation = cancellationToken.UnsafeRegister(_ => CancelJob(job.Id.Value), null);
        }
    }

    /// <summary>Does nothing: a job is accepted at its submission.</summary>
    public void RequestAcceptance(PendingJob job)
    {
    }

    /// <inheritdoc/>
    public void CancelJob(long job) => Decide(() => _state.CancelJobs([new JobId(job)]));

    /// <inheritdoc/>
    public Task WithdrawJobAsync(JobId job)
    {
        Decide(() => _state.WithdrawJobs([job]));
        return Task.CompletedTask;
    }

    /// <summary>Does nothing: a withdrawal is decided at once.</summary>
    public void ForgetWithdrawal(JobId job)
    {
    }

    /// <inheritdoc/>
    public Task<bool> QueryIsRunningAsync(JobId job)
    {
        lock (_access)
            return Task.FromResult(_workers.Any(worker => worker.Running?.Id == job));
    }

    /// <summary>Does nothing: the items of a running chunk are not counted.</summary>
    public void AskProgress()
    {
    }

    /// <inheritdoc/>
    public Task<SharedReference> ShareContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Task.FromResult(_shares.AddValue(content));

    /// <inheritdoc/>
    public void DropShared(PayloadId id) => _shares.RemoveValue(id);

    /// <inheritdoc/>
    public void RequireOpen()
    {
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
        {
            _endReason ??= PoolEndReasons.CreateClosed();
            if (cancelPending)
                Decide(_state.WithdrawAll);
            Decide(_state.ClosePool);
        }

        // A pool without jobs ends after its initializer has run in every worker.
        if (_runsAtOnce || PendingJobs == 0)
            RunAll();
    }

    /// <inheritdoc/>
    public void Terminate()
    {
        lock (_access)
        {
            _endReason = PoolEndReasons.CreateTerminated();
            var ends = new EndExceptions(_failure ?? PoolEndReasons.CreateDropped());
            foreach (var job in _pending.All)
            {
                _pending.TryRemove(job.Id.Value, out _);
                _tally.CountDropped(job);
                ReleaseJob(job);
                job.EndWith(ends.GetException(job));
            }

            Decide(_state.TerminatePool);
        }
    }

    /// <summary>Waits until the states and services of the workers are disposed.</summary>
    public async ValueTask ReleaseAsync() => await Task.WhenAll(_disposals).ConfigureAwait(false);

    private void ReportProgress(JobId job, ProgressValue value) =>
        PendingJob.PassReport(_pending.FindJob(job.Value), 0, value, _options.LoggerFactory);

    private void RequireSendable(PreparedCall call)
    {
        if (call.Arguments.Length > Messages.Executors.ExecutorProtocol.LargestPayload)
        {
            throw new PayloadTooLargeException(
                WireLimits.DescribeTooLargeForWorker($"The arguments of {call.Function.Name}", call.Arguments.Length));
        }

        if (call.KeptAlive is not { } references)
            return;
        lock (_access)
        {
            _objects ??= ObjectProxy.FindChannel(references);
            if (_objects is not null)
                ObjectProxy.RequireReachable(references, _objects);
        }
    }

    /// <summary>Waits for capacity. Without another thread that runs jobs the wait would never end, so it throws instead.</summary>
    private void AcquireSlot(CancellationToken cancellationToken)
    {
        if (_runsAtOnce)
        {
            _slots.Wait(cancellationToken);
        }
        else if (!_slots.Wait(TimeSpan.Zero, cancellationToken))
        {
            throw new InvalidOperationException(
                $"The pool has {_options.MaxPendingJobs} unfinished jobs, which is its {nameof(PoolOptions.MaxPendingJobs)}. A real pool "
                + "blocks here until a job has ended. Call DrainAsync before, or raise the limit.");
        }
    }

    private void ReleaseJob(PendingJob job)
    {
        _slots.Release();
        job.Cancellation.Unregister();
        job.Retained = null;
    }
}
