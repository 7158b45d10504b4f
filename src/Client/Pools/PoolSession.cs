using System.Text;
using Actors.Messages;
using Actors.Messages.Executors;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Runtime;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>
/// The client side of a pool. <see cref="ClientPoolState"/> decides under one lock; this class carries out its decisions and ends the jobs.
/// Thread-safe.
/// </summary>
internal sealed partial class PoolSession : IDurablePoolSession
{
    private readonly Lock _access = new();
    private readonly ClientPoolState _state;
    private readonly JobSlots _slots;
    private readonly TaskCompletionSource<PoolSummary> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CoordinatorConnection? _reconnect;
    private readonly PoolOptions _options;
    private readonly ClientPoolRules _rules;
    private readonly OutputWriter _output;
    private readonly PoolTransfers _transfers;
    private readonly PoolTally _tally = new();
    private readonly JobQueries _inquiries = new();
    private readonly JobQueries _withdrawals = new();
    private readonly SessionId _id = SessionId.New();
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IClientRuntime _runtime;
    private PoolSpec _spec;
    private IActorRef _pool = ActorRefs.Nobody;
    private IActorRef _self = ActorRefs.Nobody;

    private PoolSession(IClientRuntime runtime, PoolSpec spec, PoolOptions options, CoordinatorConnection? reconnect)
    {
        (_runtime, _spec, _options, _reconnect) = (runtime, spec, options, reconnect);
        _rules = new ClientPoolRules
        {
            Name = spec.Name,
            IsDurable = spec.IsDurable,
            IsRemote = !runtime.Coordinator.Path.Address.HasLocalScope,
            CanReopen = reconnect is not null,
            IsAcknowledgedExplicitly = options.Acknowledgment == ResultAcknowledgment.Explicit,
        };
        _state = new ClientPoolState(_rules);
        _transfers = new PoolTransfers(this);
        (_localShares, _clusterShares) = (new LocalShares(), new ClusterShares(this));
        _slots = new JobSlots(options.MaxPendingJobs, _transfers);
        _output = new OutputWriter(options);
    }

    /// <inheritdoc/>
    public TimeProvider Clock => TimeProvider.System;

    /// <summary>Completes when every job and every worker has ended.</summary>
    public Task<PoolSummary> Finished => _finished.Task;

    /// <summary>Completes soon after the end of the pool, when the output of its workers is written or dropped.</summary>
    public Task OutputEnded => _output.EndOutputAsync();

    /// <summary>The reason why the pool failed; null while it has not.</summary>
    public Exception? Failure => ReadState(static state => state.Failure);

    /// <summary>The current connection to the coordinator.</summary>
    public IClientRuntime Runtime => _runtime;

    /// <summary>The unobserved failures.</summary>
    public UnseenFailures UnseenFailures => _tally.Unseen;

    /// <summary>The number of unfinished jobs.</summary>
    public int PendingJobs => ReadState(static state => state.PendingJobs);

    /// <inheritdoc/>
    public int UnacceptedJobs => ReadState(static state => state.UnacceptedJobs);

    /// <summary>The id of the last submitted job; in a durable pool of the last accepted one. 0 for none.</summary>
    public long LastJob => ReadState(static state => state.LastJob);

    /// <summary>Submits a job. Blocks while the limit of outstanding jobs or of concurrent uploads is reached.</summary>
    /// <exception cref="InvalidOperationException">
    /// The pool no longer accepts jobs, or a managed object belongs to another coordinator.
    /// </exception>
    /// <exception cref="CoordinatorLostException">The coordinator was lost.</exception>
    /// <exception cref="DurableStoreException">The store of the durable pool failed.</exception>
    /// <exception cref="PayloadTooLargeException">The pool is durable and on a cluster, and the arguments exceed 12 MiB.</exception>
    public void SubmitJob(PendingJob job, PreparedCall call, JobPolicy policy, CancellationToken cancellationToken)
    {
        policy = PrepareJob(job, call, policy, cancellationToken);
        lock (_access)
        {
            if (_state.FindRefusal() is { } reason)
            {
                ReleaseSlots(job, call);
                throw reason;
            }

            job.HasHiddenId = _rules.IsDurable;
            job.Retained = call.KeptAlive;
            job.Function = call.Function.Name;
            TrackReceipt(job);
            var spec = _state.AddJob(job, call.Function, call.Arguments, policy);
            // Before the job can end, because its end removes the registration.
            if (cancellationToken.CanBeCanceled)
                job.Cancellation = CancelOn(job, cancellationToken);
            _state.SendJob(spec);
            CarryOutEffects();
        }
    }

    /// <inheritdoc/>
    public async Task ReserveSlotAsync(PendingJob job, PreparedCall call, CancellationToken cancellationToken)
    {
        RequireSendable(call.Function, call.Arguments);
        await _slots.AcquireAsync(_rules.NeedsUpload(call.Arguments), cancellationToken).ConfigureAwait(false);
        job.HasSlot = true;
    }

    /// <inheritdoc/>
    public void RequestAcceptance(PendingJob job) => UpdateState(state => state.RequestAcceptance(job));

    /// <summary>Cancels a job. The cancellation of a job that was not sent follows the job.</summary>
    public void CancelJob(long job)
    {
        lock (_access)
        {
            if (_state.FindJob(new JobId(job)) is { } pending)
                CancelJob(pending);
        }
    }

    /// <summary>Asks whether a worker runs the job; false while the pool is disconnected.</summary>
    public Task<bool> QueryIsRunningAsync(JobId job)
    {
        lock (_access)
        {
            if (_inquiries.TryAdd(job, out var answer) && !_state.QueryJob(job))
                _inquiries.CompleteQuery(job, false);
            CarryOutEffects();
            return answer;
        }
    }

    /// <summary>Cancels the job unless it has started.</summary>
    /// <returns>A task that completes when the job has started or the pool is disconnected. Otherwise the job ends.</returns>
    public Task WithdrawJobAsync(JobId job)
    {
        lock (_access)
        {
            if (!_state.IsConnected)
                return Task.CompletedTask;
            if (_withdrawals.TryAdd(job, out var answer))
                _state.WithdrawJob(job);
            CarryOutEffects();
            return answer;
        }
    }

    /// <summary>Completes a withdrawal whose caller no longer waits.</summary>
    public void ForgetWithdrawal(JobId job)
    {
        lock (_access)
            _withdrawals.CompleteQuery(job, false);
    }

    /// <inheritdoc/>
    public void AttachJobs(IReadOnlyCollection<PendingJob> jobs)
    {
        foreach (var job in jobs)
        {
            job.MarkAccepted();
            TrackReceipt(job);
        }

        IReadOnlyList<PendingJob> unknown;
        lock (_access)
        {
            unknown = _state.AttachJobs(jobs);
            CarryOutEffects();
        }

        // The pool does not know these jobs, and the next submitted job may get such a number.
        foreach (var job in unknown)
            job.Complete(new JobOutcome(job.Id, JobStatus.Unknown, default, null, 0));
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

    private T ReadState<T>(Func<ClientPoolState, T> read)
    {
        lock (_access)
            return read(_state);
    }

    private void UpdateState(Action<ClientPoolState> command)
    {
        lock (_access)
        {
            command(_state);
            CarryOutEffects();
        }
    }

    /// <summary>Carries out the actions of the state, in order. Call it under the lock.</summary>
    private void CarryOutEffects()
    {
        while (_state.TryTakeEffect(out var effect))
        {
            switch (effect)
            {
                case ClientPoolEffect.SendMessage send: _pool.Tell(send.Message, _self); break;
                case ClientPoolEffect.StartComparing start: _self.Tell(new PoolSessionActor.CompareAfter(start.Pause)); break;
                case ClientPoolEffect.EndJobs end: _self.Tell(new PoolSessionActor.EndedLocally(end.Outcomes)); break;
                case ClientPoolEffect.StartUpload upload: _transfers.StartUpload(upload.Job, _pool, upload.HasSlot); break;
                case ClientPoolEffect.CancelUpload cancel: _transfers.CancelUpload(cancel.Job); break;
                case ClientPoolEffect.ReleaseUploadSlot: _transfers.ReleaseSlot(); break;
                case ClientPoolEffect.StartDownload download: _transfers.DownloadResultAsync(download.Outcome, _pool).PipeTo(_self); break;
                case ClientPoolEffect.CancelTransfers: _transfers.CancelAll(); break;
                case ClientPoolEffect.FinishSession: _isFinishDue = true; break;
                case ClientPoolEffect.ForgetWithdrawal forget: _withdrawals.CompleteQuery(forget.Job, false); break;
            }
        }
    }

    private CancellationTokenRegistration CancelOn(PendingJob job, CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(_ => CancelJob(job), null);

    private void CancelJob(PendingJob job) => UpdateState(state => state.CancelJob(job));

    /// <summary>Prepares a job whose slot may be reserved. Releases the slot when the job cannot be submitted.</summary>
    private JobPolicy PrepareJob(PendingJob job, PreparedCall call, JobPolicy policy, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            RequireSendable(call.Function, call.Arguments);
            policy = PrepareReferences(call, policy);
            if (!job.HasSlot)
                _slots.Acquire(_rules.NeedsUpload(call.Arguments), cancellationToken);
            job.HasSlot = true;
            return policy;
        }
        catch when (job.HasSlot)
        {
            ReleaseSlots(job, call);
            throw;
        }
    }

    private void ReleaseSlots(PendingJob job, PreparedCall call)
    {
        job.HasSlot = false;
        _slots.Release(_rules.NeedsUpload(call.Arguments));
    }

    private void RequireSendable(FunctionRef function, ReadOnlyMemory<byte> arguments)
    {
        if (_rules is { IsRemote: true, IsDurable: true } && arguments.Length > WireLimits.LargestPayload)
        {
            throw new PayloadTooLargeException(
                WireLimits.DescribeTooLargeForDurablePool($"The arguments of {function.Name}", arguments.Length));
        }

        if (!_rules.NeedsUpload(arguments) && arguments.Length > ExecutorProtocol.LargestPayload)
            throw new PayloadTooLargeException(WireLimits.DescribeTooLargeForWorker($"The arguments of {function.Name}", arguments.Length));
    }
}
