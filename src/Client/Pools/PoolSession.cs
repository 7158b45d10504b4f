using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;
using Actors.Messages.Pools;
using Actors.Objects;
using Actors.Runtime;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>
/// The client's end of a pool: numbers jobs, sends them in batches (one message under way at a time, the rest gathers meanwhile), and
/// gives every job exactly one end. Thread-safe.
/// </summary>
internal sealed partial class PoolSession
{
    private readonly PendingJobs _pending = new();
    private readonly Lock _submitting = new();
    private readonly SemaphoreSlim _room;
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
    private bool _underWay;
    private long _lastId;
    private long _lastSent;
    private Exception? _over;
    private Exception? _closedBefore;
    private Exception? _failure;

    private PoolSession(
        IClientRuntime runtime, PoolSpec spec, PoolOptions options, Func<CancellationToken, Task<IClientRuntime>>? reopen)
    {
        (_runtime, _spec, _options, _reopen) = (runtime, spec, options, reopen);
        _isRemote = !runtime.Coordinator.Path.Address.HasLocalScope;
        _room = new SemaphoreSlim(options.MaxPendingJobs);
        _output = new OutputWriter(options);
    }

    /// <summary>The executors that run now.</summary>
    public ConcurrentDictionary<ExecutorId, WorkerInfo> Workers { get; } = new();

    /// <summary>Told of every executor that becomes ready or ends.</summary>
    public event Action<WorkerInfo>? WorkerChanged;

    /// <summary>Ends when every job has ended and every executor is gone.</summary>
    public Task<PoolSummary> Finished => _finished.Task;

    /// <summary>Ends soon after the pool has: when what its executors printed is written, or dropped because nothing reads it.</summary>
    public Task OutputEnded => _output.EndAsync();

    /// <summary>Why the pool cannot run anything; null while it can.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_submitting)
                return _failure;
        }
    }

    /// <summary>The way to the coordinator, as of now.</summary>
    public IClientRuntime Runtime => _runtime;

    /// <summary>The failed jobs that nobody has looked at.</summary>
    public UnseenFailures UnseenFailures => _tally.Unseen;

    /// <summary>How many jobs have not ended.</summary>
    public int PendingJobs => _pending.Count;

    /// <summary>Submits a job; blocks while as many are outstanding as may be, or as many large arguments are on their way.</summary>
    /// <exception cref="InvalidOperationException">The pool takes no jobs any more, or a managed object belongs to another coordinator.</exception>
    /// <exception cref="CoordinatorLostException">The coordinator is gone.</exception>
    /// <exception cref="DurableStoreException">The pool was durable, and its store took its events no more.</exception>
    /// <exception cref="PayloadTooLargeException">The pool is durable and on a cluster, and the arguments do not fit into a message.</exception>
    public void Submit(PendingJob job, PreparedCall call, long timeoutMilliseconds, int maxAttempts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RefuseTooLarge(call.Function, call.Arguments);
        if (call.Kept is { } kept)
            ObjectProxy.RequireHome(kept, _runtime.Objects);
        var isStored = IsStored(call.Arguments);
        TakePlaces(isStored, cancellationToken);
        lock (_submitting)
        {
            if ((_failure ?? _over ?? _closedBefore) is { } reason)
            {
                LeavePlaces(isStored);
                throw reason;
            }

            job.Id = new JobId(++_lastId);
            job.Kept = call.Kept;
            job.Function = call.Function.Name;
            job.HasPlace = true;
            // Before it can end, for its end takes the registration back.
            if (cancellationToken.CanBeCanceled)
                job.Cancellation = CancelOn(job, cancellationToken);
            var spec = new JobSpec(job.Id, call.Function, call.Arguments, timeoutMilliseconds, maxAttempts);
            job.Spec = KeepsJobs ? spec : null;
            _pending.Add(job);
            Send(spec, isStored);
        }
    }

    private void Send(JobSpec job, bool isStored)
    {
        if (!isStored)
        {
            _gathered.Add(job);
            SendGathered();
        }
        else if (_isLooking)
        {
            _sendingRoom.Release();
        }
        else
        {
            StartSending(job, takesPlace: false);
        }
    }

    /// <summary>Cancels a job; one that still gathers here is not known there, so that its cancellation follows it.</summary>
    public void Cancel(long job)
    {
        if (_pending.Find(job) is { } pending)
            Cancel(pending);
    }

    private CancellationTokenRegistration CancelOn(PendingJob job, CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(_ => Cancel(job), null);

    private void Cancel(PendingJob job)
    {
        lock (_submitting)
        {
            job.IsCancelled = true;
            if (StopSending(job.Id.Value))
                return;
            if (IsSent(job.Id))
                CancelSent(job.Id);
            else
                _cancelled.Add(job.Id);
        }
    }

    private void CancelSent(JobId job)
    {
        // It may have ended before it was cancelled.
        if (_pending.Find(job.Value) is not null)
            _cancelRequests.Add(job);
        _pool.Tell(new PoolProtocol.Cancel([job]), _self);
    }

    public void TerminateExecutor(ExecutorId executor) => _pool.Tell(new PoolProtocol.TerminateExecutor(executor), _self);

    /// <summary>Asks how far the running chunks of maps are; <see cref="PendingJob.Progressed"/> is told.</summary>
    public void AskProgress() => _pool.Tell(new PoolProtocol.AskProgress(), _self);

    internal void Progressed(JobId job, int items) => _pending.Find(job.Value)?.Progressed(items);

    public void Kill(ExecutorId executor) => _pool.Tell(new PoolProtocol.Kill(executor), _self);

    /// <summary>Writes a text where the executors' standard error goes, behind what they have written before.</summary>
    /// <returns>Ends when it is written.</returns>
    public Task WriteErrorAsync(string text)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _output.Write(isError: true, Encoding.UTF8.GetBytes(text), () => written.TrySetResult());
        return written.Task;
    }

    internal void Accepted(long number)
    {
        lock (_submitting)
        {
            _progress++;
            if (number == 0)
                ForgetFirst();
            else
                ForgetAccepted(number);
            _underWay = false;
            SendGathered();
        }
    }

    internal void Ended(ImmutableArray<JobOutcome> outcomes)
    {
        ObjectChannel.UseForThread(_runtime.Objects);
        _progress++;
        var taken = _spec.IsDurable ? ImmutableArray.CreateBuilder<JobId>(outcomes.Length) : null;
        foreach (var reported in outcomes)
        {
            var outcome = reported.Or(reported.Contradiction());
            if (_pending.Take(outcome.Id.Value, out var job))
            {
                LetGo(job);
                ForgetRequests(job);
                _tally.Count(job, outcome.Status, job.Complete(outcome));
            }

            if (taken is not null && IsTaken(outcome, isWaitedFor: job is not null))
                taken.Add(outcome.Id);
        }

        ObjectChannel.UseForThread(null);
        if (taken is { Count: > 0 })
            SayTaken(taken.DrainToImmutable());
    }

    internal void ExecutorStarted(WorkerInfo executor)
    {
        Workers[executor.Id] = executor;
        WorkerChanged?.Invoke(executor);
    }

    internal void ExecutorEnded(WorkerInfo executor)
    {
        Workers.TryRemove(executor.Id, out _);
        WorkerChanged?.Invoke(executor);
    }

    /// <summary>The pool cannot run anything; its jobs have ended or end with the same reason. Not for good: a durable one that is found again elsewhere may go on.</summary>
    internal void Failed(FailureInfo reason)
    {
        lock (_submitting)
            _failure = OutcomeExceptions.PoolFailed(reason);
    }

    /// <summary>The pool is gone: nothing will end any more unless it is ended here, or the pool is found again.</summary>
    /// <param name="exception">What is known of it.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="withCoordinator">Whether the coordinator that this client is at is gone too. If not, others go on using the way there.</param>
    internal void Lost(Exception exception, IActorRef by, bool withCoordinator)
    {
        var now = WhatNow(by, withCoordinator);
        if (withCoordinator && now != Loss.OfThePast)
            _runtime.Avoid();
        switch (now)
        {
            case Loss.OfThePast: break;
            case Loss.WhileOpening: _opened.TrySetException(exception); break;
            case Loss.ToBeFound: _ = ReopenAsync(withCoordinator); break;
            case Loss.ForGood: LoseForGood(exception); break;
        }
    }
}
