using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Actors.Remoting.Dispatch;
using Actors.Runtime;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>Connects the session with its pool, again after the loss of its coordinator.</summary>
internal sealed partial class PoolSession
{
    /// <summary>The time limit of one attempt to open the pool again. It is repeated.</summary>
    private static readonly TimeSpan ReopenTimeout = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan ReopenPause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public bool IsReconnecting => ReadState(static state => state.IsReconnecting);

    internal void OnOpened(IActorRef pool, PoolProtocol.PoolOpened opened, IActorRef by)
    {
        if (_clusterShares.IsEmpty)
            ConnectPool(pool, opened, by);
        else
            _ = RestoreAndOpenAsync(pool, opened, by);
    }

    /// <summary>Whether every job has ended, and no job is accepted.</summary>
    internal bool HasEnded => ReadState(static state => state.HasEnded);

    private void ConnectPool(IActorRef pool, PoolProtocol.PoolOpened opened, IActorRef by)
    {
        IReadOnlyCollection<PendingJob> lost;
        lock (_access)
        {
            if (!by.Equals(_self))
                return;
            _pool = pool;
            MarkReceived();
            lost = _state.OnOpened(opened);
            CarryOutEffects();
        }

        LoseJobs(lost);
        _opened.TrySetResult();
    }

    /// <summary>The pool refused this client.</summary>
    internal void OnRefused(PoolProtocol.PoolRefused refused) => EndWithLoss(
        refused.IsOverLimit ? new ClientLimitException(refused.Reason)
        : _state.WasOpen ? new PoolTerminatedException(refused.Reason)
        : new InvalidOperationException(refused.Reason));

    /// <summary>
    /// Records that the pool failed; its jobs end with the same reason. A durable pool that is reopened elsewhere may continue.
    /// </summary>
    internal void OnFailed(FailureInfo reason)
    {
        lock (_access)
            _state.OnFailed(OutcomeExceptions.PoolFailed(reason));
    }

    /// <summary>Handles the loss of the pool: ends its jobs, or reconnects.</summary>
    /// <param name="exception">The reason.</param>
    /// <param name="by">The session actor that reports the loss.</param>
    /// <param name="withCoordinator">Whether the coordinator was lost too; otherwise other users of the connection continue.</param>
    internal void OnLost(Exception exception, IActorRef by, bool withCoordinator)
    {
        switch (TakeLoss(by, withCoordinator))
        {
            case PoolLossResponse.Ignore: break;
            case PoolLossResponse.FailAttempt: _opened.TrySetException(exception); break;
            case PoolLossResponse.Reopen: _ = ReopenPoolAsync(withCoordinator); break;
            case PoolLossResponse.Fail: EndWithLoss(exception); break;
        }
    }

    private PoolLossResponse TakeLoss(IActorRef by, bool withCoordinator)
    {
        lock (_access)
        {
            var response = _state.OnLost(by.Equals(_self), withCoordinator);
            if (response == PoolLossResponse.Reopen)
            {
                (_pool, _self) = (ActorRefs.Nobody, ActorRefs.Nobody);
                _inquiries.CompleteAll();
                _withdrawals.CompleteAll();
            }

            CarryOutEffects();
            return response;
        }
    }

    /// <summary>Ends jobs that may have been running when their coordinator was lost.</summary>
    private void LoseJobs(IReadOnlyCollection<PendingJob> jobs)
    {
        var ends = new EndExceptions(new CoordinatorLostException(
            "The coordinator was lost after an at-most-once job may have started; it will not be retried."));
        foreach (var job in jobs)
            EndJob(job, ends.GetException(job), JobStatus.WorkerLost);
    }

    private async Task OpenAtAsync(IClientRuntime runtime, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var pools = await runtime.GetPoolOpenerAsync(_options.Store, cancellationToken).ConfigureAwait(false);
        var props = ActorProps.Create(() => new PoolSessionActor(this, _output));
        var self = _self = runtime.System.ActorOf(InlineDispatcher.ApplyTo(props, runtime.System), RandomName.NewName("pool"));
        // A remainder of the previous pool at the same coordinator is a different pool.
        var id = _spec.IsDurable ? PoolId.FromName(_spec.Name) : PoolId.New();
        var open = new PoolProtocol.OpenPool(id, _spec, _id, _state.Range, ProgramJobs.For(_spec));
        self.Tell(new PoolSessionActor.OpenAt(pools, open, timeout, runtime.Link));
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
        lock (_access)
        {
            if (self.Equals(_self))
                _self = ActorRefs.Nobody;
        }

        runtime.System.Stop(self);
    }

    private async Task ReopenPoolAsync(bool isCoordinatorLost)
    {
        var lost = _runtime;
        if (isCoordinatorLost)
            ConnectionLog.LogLoss(lost, _options.ReconnectFor);
        using var patience = new CancellationTokenSource(TimeoutRule.RequireValid(_options.ReconnectFor));
        Workers.Clear();
        while (!_ended.Task.IsCompleted)
        {
            try
            {
                _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var next = await _reconnect!.AcquireUseAsync(Timeout.InfiniteTimeSpan, patience.Token).ConfigureAwait(false);
                if (!next.Coordinator.Equals(_runtime.Coordinator))
                    UpdateState(state => state.OnCoordinatorChanged());
                // Not awaited: closing a lost connection takes time.
                _ = Interlocked.Exchange(ref _runtime, next).DisposeAsync().AsTask();
                var bundle = await next.ProvideCodeAsync(_options.Files, _rules.IsDurable, patience.Token).ConfigureAwait(false);
                _spec = _spec with { Bundle = bundle };
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
        if (_ended.Task.IsCompleted)
            await _runtime.DisposeAsync().ConfigureAwait(false);
    }

    private CoordinatorLostException CreateReconnectFailure(Exception exception) => new(
        _rules.IsDurable
            ? $"The durable pool '{_spec.Name}' did not answer within {_options.ReconnectFor}. Its accepted jobs are retained: open it "
                + "again by its name."
            : $"The coordinator of this pool was lost and none answered within {_options.ReconnectFor}; the jobs are lost. Start a new "
                + "pool.",
        exception);

    /// <summary>Whether a failure may pass when this or another coordinator is available.</summary>
    private static bool IsTransient(Exception exception) =>
        exception is CoordinatorLostException or CoordinatorUnreachableException or DurableStoreException
            or BundleException;
}
