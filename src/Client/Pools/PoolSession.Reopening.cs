using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Actors.Runtime;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>
/// Reconnects a pool on a cluster after the loss of its coordinator. A durable pool knows its accepted jobs: only the others are sent
/// again, and none is accepted twice. Any other pool is opened anew, and its client resends all unfinished jobs.
/// </summary>
internal sealed partial class PoolSession
{
    /// <summary>
    /// The number of times that a pool may end while its coordinator continues. It is opened again each time, and may end again because of
    /// its jobs.
    /// </summary>
    private const int MaxEndsAlone = 3;

    /// <summary>The time limit of one attempt to open the pool again. It is repeated.</summary>
    private static readonly TimeSpan ReopenTimeout = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan ReopenPause = TimeSpan.FromMilliseconds(100);

    private bool _wasOpen;
    private bool _isReconnecting;
    private int _endsAlone;
    private IWireMessage? _lastRequest;

    private enum Loss
    {
        Permanent,
        Outdated,
        WhileOpening,
        Reconnect,
    }

    /// <summary>Whether this client retains its jobs until they end, because a lost coordinator was the only other owner.</summary>
    private bool RetainsJobs => _reopen is not null && !_spec.IsDurable;

    internal void OnOpened(IActorRef pool, PoolProtocol.PoolOpened opened, IActorRef by)
    {
        List<PendingJob> lost = [];
        lock (_submitting)
        {
            if (!by.Equals(_self))
                return;
            _pool = pool;
            _isReconnecting = false;
            ResetCounters();
            _closedBefore = opened.IsClosed
                ? new InvalidOperationException(
                    $"The durable pool '{_spec.Name}' was closed and accepts no more jobs. Attach to its existing jobs, or open another "
                    + "name.")
                : null;
            _range = opened.Range;
            _lastAccepted = Math.Max(_lastAccepted, opened.LastJob.Value);
            if (!_wasOpen)
                _lastId = _lastSent = opened.LastJob.Value;
            else if (RetainsJobs)
                lost = ResubmitJobs();
            else
                ResumeDurablePool(opened.LastJob);
            _wasOpen = true;
        }

        LoseJobs(lost, new CoordinatorLostException(
            "The coordinator was lost after an at-most-once job may have started; it will not be retried."));
        _opened.TrySetResult();
    }

    private async Task OpenAtAsync(IClientRuntime runtime, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var pools = await runtime.GetPoolOpenerAsync(_options.Store, cancellationToken).ConfigureAwait(false);
        var props = ActorProps.Create(() => new PoolSessionActor(this, _output));
        var self = _self = runtime.System.ActorOf(InlineDispatcher.ApplyTo(props, runtime.System), RandomName.NewName("pool"));
        var id = _spec.IsDurable ? PoolId.FromName(_spec.Name) : PoolId.New(); // A remainder of the previous pool is another pool.
        var open = new PoolProtocol.OpenPool(id, _spec, _session, _range, ProgramJobs.For(_spec));
        self.Tell(new PoolSessionActor.OpenAt(pools, open, timeout));
        try
        {
            await _opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            AbandonOpening(runtime, self);
            throw;
        }
    }

    /// <summary>
    /// Stops the session actor. A pool that is still opened finds no client and ends; it would keep its workers otherwise.
    /// </summary>
    private void AbandonOpening(IClientRuntime runtime, IActorRef self)
    {
        lock (_submitting)
        {
            if (self.Equals(_self))
                _self = ActorRefs.Nobody;
        }

        runtime.System.Stop(self);
    }

    /// <summary>Sends the last request, which is repeated after a reconnect.</summary>
    private void SendLastRequest(IWireMessage word)
    {
        _lastRequest = word;
        TellRequest(word);
        StartWatching();
    }

    /// <summary>Sends a request that must not overtake a lost submission.</summary>
    private void TellRequest(IWireMessage request) =>
        _pool.Tell(
            request switch
            {
                PoolProtocol.ClosePool => new PoolProtocol.ClosePool(_submitted),
                PoolProtocol.DetachFromPool detach => detach with { Submitted = _submitted },
                _ => request,
            },
            _self);

    private Loss ClassifyLoss(IActorRef by, bool withCoordinator)
    {
        lock (_submitting)
        {
            if (!_wasOpen || _reopen is null || (_isDetached && !_isReconnecting) || IsTerminated)
                return Loss.Permanent;
            if (!by.Equals(_self))
                return Loss.Outdated;
            if (!_opened.Task.IsCompleted)
                return Loss.WhileOpening;
            if (RetainsJobs && !withCoordinator && ++_endsAlone > MaxEndsAlone)
                return Loss.Permanent;
            // Jobs that are submitted from now on are queued.
            (_pool, _self, _isSending, _isReconnecting, _failure) = (ActorRefs.Nobody, ActorRefs.Nobody, true, true, null);
            // These uploads were not sent, although later jobs may have been.
            _delayedByUpload.UnionWith(_uploads.Keys);
            CancelTransfers();
            CompleteAllQueries();
            _downloadCancellation = new CancellationTokenSource();
            return Loss.Reconnect;
        }
    }

    /// <summary>Whether the pool was terminated. A durable pool still has to receive that request.</summary>
    private bool IsTerminated => RetainsJobs && _lastRequest is PoolProtocol.TerminatePool;

    private async Task ReopenPoolAsync(bool isCoordinatorLost)
    {
        var lost = _runtime;
        if (isCoordinatorLost)
            ConnectionLog.LogLoss(lost, _options.ReconnectFor);
        using var patience = new CancellationTokenSource(TimeoutRule.RequireValid(_options.ReconnectFor));
        Workers.Clear();
        while (!_finished.Task.IsCompleted)
        {
            try
            {
                _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var next = await _reopen!(patience.Token).ConfigureAwait(false);
                if (!next.Coordinator.Equals(_runtime.Coordinator))
                    _endsAlone = 0;
                // Not awaited: closing a lost connection takes time.
                _ = Interlocked.Exchange(ref _runtime, next).DisposeAsync().AsTask();
                _spec = _spec with { Bundle = await next.ProvideCodeAsync(_spec.IsDurable, patience.Token).ConfigureAwait(false) };
                await OpenAtAsync(next, ReopenTimeout, patience.Token).ConfigureAwait(false);
                ConnectionLog.LogReconnect(lost, next);
                break;
            }
            catch (Exception exception) when (IsTransient(exception) && !patience.IsCancellationRequested)
            {
                // The coordinator may be restarting, or another may be taking over.
                await Task.Delay(ReopenPause).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                EndWithLoss(exception is OperationCanceledException ? CreateReconnectFailure(exception) : exception);
            }
        }

        // The code that ended the pool may have released the previous runtime.
        if (_finished.Task.IsCompleted)
            await _runtime.DisposeAsync().ConfigureAwait(false);
    }

    private CoordinatorLostException CreateReconnectFailure(Exception exception) => new(
        _spec.IsDurable
            ? $"The durable pool '{_spec.Name}' did not answer within {_options.ReconnectFor}. Its accepted jobs are retained: open it "
                + "again by its name."
            : $"The coordinator of this pool was lost and none answered within {_options.ReconnectFor}; the jobs are lost. Start a new "
                + "pool.",
        exception);

    /// <summary>Whether a failure may pass when this or another coordinator is available.</summary>
    private static bool IsTransient(Exception exception) =>
        exception is CoordinatorLostException or CoordinatorUnreachableException or DurableStoreException
            or Remoting.Bundles.BundleException;

    private void ResumeDurablePool(JobId lastAccepted)
    {
        ResendOutcomeAcks();
        _answered.Clear();
        while (_unaccepted.TryPeek(out var first) && !first.HasKeys
            && (first.Jobs.IsEmpty || first.Jobs[^1].Id.Value <= lastAccepted.Value))
            MarkAccepted(_unaccepted.Dequeue());
        ReattachJobs(lastAccepted);
        var unaccepted = _unaccepted.ToList();
        _unaccepted.Clear();
        foreach (var submission in unaccepted)
        {
            _unwrittenAcks.OnSubmitted();
            SubmitBatch(submission.Jobs, wantsAck: true);
        }

        var cancelled = _pending.All.Where(job => job.IsCancelled).Select(job => job.Id).ToImmutableArray();
        if (!cancelled.IsEmpty)
            CancelAll(cancelled);
        _isSending = _unaccepted.Count > 0;
        SendGathered();
        ResendLastRequest();
        CloseWhenSent();
        if (_pending.Count > 0 || _lastRequest is not null || HasReceivedOutcomes)
            StartWatching();
    }

    /// <summary>
    /// Attaches again to the accepted jobs, as far as this session or the pool knows them. The pool answers for jobs with keys itself. A
    /// pool that was deleted and created anew reports the others as unknown.
    /// </summary>
    private void ReattachJobs(JobId lastAccepted)
    {
        var unaccepted = _unaccepted.SelectMany(sent => sent.Jobs).ToList();
        var unsent = unaccepted.Concat(_batches.SelectMany(jobs => jobs)).Concat(_gathered).Select(job => job.Id).ToHashSet();
        var keyed = unaccepted.Where(job => job.Policy.Key is not null).Select(job => job.Id).ToHashSet();
        foreach (var job in _pending.All.Where(
            job => (job.Id.Value <= lastAccepted.Value && !keyed.Contains(job.Id)) || !unsent.Contains(job.Id)))
            MarkAttached(job);
        SendAttached();
    }

    private void ResendLastRequest()
    {
        if (_lastRequest is null)
            return;
        SendAll();
        SendWithdrawAll();
        if (_wasClosed && _lastRequest is PoolProtocol.DetachFromPool)
            TellRequest(new PoolProtocol.ClosePool());
        TellRequest(_lastRequest);
    }

    /// <summary>Submits all unfinished jobs again, in order, as if none had been sent.</summary>
    /// <returns>The jobs that must not be sent twice.</returns>
    private List<PendingJob> ResubmitJobs()
    {
        var jobs = _pending.All.OrderBy(job => job.Id.Value).ToList();
        var lost = jobs.Where(job => job.Spec is { Policy.IsAtMostOnce: true } && IsSent(job.Id)).ToList();
        _gathered.Clear();
        _batches.Clear();
        _cancelled.Clear();
        _cancelRequests.Clear();
        _unaccepted.Clear();
        _delayedByUpload.Clear();
        _lastSent = 0;
        foreach (var job in jobs.Except(lost))
            ResubmitJobs(job);
        _isSending = false;
        SendGathered();
        ResendEnd();
        return lost;
    }

    private void ResubmitJobs(PendingJob job)
    {
        // The job may have ended in the meantime.
        if (job.Spec is not { } spec)
            return;
        if (job.IsCancelled || _withdrawsAll)
            EndLocally(new JobOutcome(job.Id, JobStatus.Cancelled, default, null, 0));
        else if (NeedsUpload(spec.Arguments))
            StartUpload(spec, waitsForSlot: true);
        else
            _gathered.Add(spec);
    }

    private void ResendEnd()
    {
        if (_lastRequest is PoolProtocol.ClosePool)
            (_closesWhenSent, _lastRequest) = (true, null);
        CloseWhenSent();
        if (IsTerminated)
            _pool.Tell(_lastRequest, _self);
    }
}
