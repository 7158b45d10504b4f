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
/// The pool of a cluster whose coordinator was lost is found again, or opened anew at another. A durable one knows what it has accepted: the rest is sent again,
/// and none is taken twice. Any other knows nothing: it is sent all that has not ended, which its client keeps for that.
/// </summary>
internal sealed partial class PoolSession
{
    /// <summary>How often a pool may end where its coordinator does not; it is opened anew, and may end again by what it is given.</summary>
    private const int MostEndsAlone = 3;

    private static readonly TimeSpan ReopenPause = TimeSpan.FromMilliseconds(100);

    private bool _wasOpen;
    private bool _isLooking;
    private int _endsAlone;
    private IWireMessage? _lastWord;

    private enum Loss
    {
        ForGood,
        OfThePast,
        WhileOpening,
        ToBeFound,
    }

    /// <summary>Whether jobs stay here until they have ended: if their coordinator is lost, nobody else has them.</summary>
    private bool KeepsJobs => _reopen is not null && !_spec.IsDurable;

    internal void Opened(IActorRef pool, PoolProtocol.Opened opened, IActorRef by)
    {
        List<PendingJob> lost = [];
        lock (_submitting)
        {
            if (!by.Equals(_self))
                return;
            _pool = pool;
            _isLooking = false;
            CountAnew();
            _closedBefore = opened.IsClosed
                ? new InvalidOperationException($"The durable pool '{_spec.Name}' was closed and takes no more jobs; the results that it has can be fetched.")
                : null;
            if (!_wasOpen)
                _lastId = _lastSent = opened.LastJob.Value;
            else if (KeepsJobs)
                lost = SubmitAgain();
            else
                Resume(opened.LastJob);
            _wasOpen = true;
        }

        Lose(lost, new CoordinatorLostException("The coordinator was lost when the job may have begun, and it may be run only once."));
        _opened.TrySetResult();
    }

    private async Task OpenAtAsync(IClientRuntime runtime, CancellationToken cancellationToken)
    {
        var pools = await runtime.PoolsAsync(_options.Store, cancellationToken).ConfigureAwait(false);
        var props = Props.Create(() => new PoolSessionActor(this, _output));
        var self = _self = runtime.System.ActorOf(InlineDispatcher.Apply(props, runtime.System), RandomName.Of("pool"));
        // What may be left of the one before at the same coordinator is another pool.
        var id = _spec.IsDurable ? PoolId.Named(_spec.Name) : PoolId.New();
        self.Tell(new PoolSessionActor.OpenAt(pools, new PoolProtocol.Open(id, _spec)));
        try
        {
            await _opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            GiveUpOpening(runtime, self);
            throw;
        }
    }

    /// <summary>A pool that is opened all the same finds nobody there, and ends; it would keep its executors otherwise.</summary>
    private void GiveUpOpening(IClientRuntime runtime, IActorRef self)
    {
        lock (_submitting)
        {
            if (self.Equals(_self))
                _self = ActorRefs.Nobody;
        }

        runtime.System.Stop(self);
    }

    /// <summary>What is said again to the pool when it is found again.</summary>
    private void SayLast(IWireMessage word)
    {
        _lastWord = word;
        _pool.Tell(word, _self);
        Watch();
    }

    private Loss WhatNow(IActorRef by, bool withCoordinator)
    {
        lock (_submitting)
        {
            if (!_wasOpen || _reopen is null || (_isDetached && !_isLooking) || IsTerminated)
                return Loss.ForGood;
            if (!by.Equals(_self))
                return Loss.OfThePast;
            if (!_opened.Task.IsCompleted)
                return Loss.WhileOpening;
            if (KeepsJobs && !withCoordinator && ++_endsAlone > MostEndsAlone)
                return Loss.ForGood;
            // What is submitted meanwhile gathers.
            (_pool, _self, _underWay, _isLooking, _failure) = (ActorRefs.Nobody, ActorRefs.Nobody, true, true, null);
            // Not sent, though later ones may be.
            _late.UnionWith(_sending.Keys);
            CancelTransfers();
            AnswerAll();
            _fetching = new CancellationTokenSource();
            return Loss.ToBeFound;
        }
    }

    /// <summary>Whether nothing is wanted of the pool but its end; a durable one has to hear that.</summary>
    private bool IsTerminated => KeepsJobs && _lastWord is PoolProtocol.Terminate;

    private async Task ReopenAsync(bool isCoordinatorLost)
    {
        var lost = _runtime;
        if (isCoordinatorLost)
            ConnectionLog.Lost(lost, _options.ReconnectFor);
        using var patience = new CancellationTokenSource(TimeoutRule.Require(_options.ReconnectFor));
        Workers.Clear();
        while (!_finished.Task.IsCompleted)
        {
            try
            {
                _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var next = await _reopen!(patience.Token).ConfigureAwait(false);
                if (!next.Coordinator.Equals(_runtime.Coordinator))
                    _endsAlone = 0;
                // It ends in its own time: what is left of a lost connection is waited for there.
                _ = Interlocked.Exchange(ref _runtime, next).DisposeAsync().AsTask();
                _spec = _spec with { Bundle = await next.ProvideCodeAsync(_spec.IsDurable, patience.Token).ConfigureAwait(false) };
                await OpenAtAsync(next, patience.Token).ConfigureAwait(false);
                ConnectionLog.Reconnected(lost, next);
                break;
            }
            catch (Exception exception) when (MayPass(exception) && !patience.IsCancellationRequested)
            {
                // It may be on its way back, or another may be taking its place.
                await Task.Delay(ReopenPause).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                LoseForGood(exception is OperationCanceledException ? NotFoundAgain(exception) : exception);
            }
        }

        // Whoever ended the pool meanwhile may have given back the way that it knew.
        if (_finished.Task.IsCompleted)
            await _runtime.DisposeAsync().ConfigureAwait(false);
    }

    private CoordinatorLostException NotFoundAgain(Exception exception) => new(
        _spec.IsDurable
            ? $"The durable pool '{_spec.Name}' was not found again within {_options.ReconnectFor}. What it has accepted is kept."
            : $"The coordinator of this pool was lost, and no other answered within {_options.ReconnectFor}; the jobs of this pool are lost.",
        exception);

    /// <summary>What is so because a coordinator has gone, and may be otherwise when it, or another, is there.</summary>
    private static bool MayPass(Exception exception) =>
        exception is CoordinatorLostException or CoordinatorUnreachableException or DurableStoreException or Remoting.Bundles.BundleException;

    private void Resume(JobId lastAccepted)
    {
        SayTakenAgain();
        while (_unaccepted.TryPeek(out var first) && (first.Jobs.IsEmpty || first.Jobs[^1].Id.Value <= lastAccepted.Value))
            _unaccepted.Dequeue();
        AttachAgain(lastAccepted);
        var unaccepted = _unaccepted.ToList();
        _unaccepted.Clear();
        foreach (var submission in unaccepted)
        {
            _unwrittenTaken.Submitted();
            Submit(submission.Jobs, wantsWord: true);
        }

        var cancelled = _pending.All.Where(job => job.IsCancelled).Select(job => job.Id).ToImmutableArray();
        if (!cancelled.IsEmpty)
            CancelAll(cancelled);
        _underWay = _unaccepted.Count > 0;
        SendGathered();
        SayLastAgain();
        CloseWhenSent();
        if (_pending.Count > 0 || _lastWord is not null)
            Watch();
    }

    /// <summary>To what was accepted, as far as this session knows or the pool: one that was deleted and made anew says of the rest that it does not know it.</summary>
    private void AttachAgain(JobId lastAccepted)
    {
        var unsent = _unaccepted.Select(sent => sent.Jobs).Concat(_batches)
            .SelectMany(jobs => jobs).Concat(_gathered).Select(job => job.Id).ToHashSet();
        var waitedFor = _pending.All.Select(job => job.Id).Where(id => id.Value <= lastAccepted.Value || !unsent.Contains(id)).ToImmutableArray();
        foreach (var part in waitedFor.IsEmpty ? [] : WireLimits.Split(waitedFor, static _ => sizeof(long)))
            _pool.Tell(new PoolProtocol.Attach(part), _self);
    }

    private void SayLastAgain()
    {
        if (_lastWord is null)
            return;
        SendAll();
        SendWithdrawAll();
        if (_wasClosed && _lastWord is PoolProtocol.Detach)
            _pool.Tell(new PoolProtocol.Close(), _self);
        _pool.Tell(_lastWord, _self);
    }

    /// <summary>All that has not ended, in its order, as though none of it had been sent.</summary>
    /// <returns>What may not be sent twice.</returns>
    private List<PendingJob> SubmitAgain()
    {
        var jobs = _pending.All.OrderBy(job => job.Id.Value).ToList();
        var lost = jobs.Where(job => job.Spec is { MaxAttempts: <= 1 } && IsSent(job.Id)).ToList();
        _gathered.Clear();
        _batches.Clear();
        _cancelled.Clear();
        _cancelRequests.Clear();
        _unaccepted.Clear();
        _late.Clear();
        _lastSent = 0;
        foreach (var job in jobs.Except(lost))
            SubmitAgain(job);
        _underWay = false;
        SendGathered();
        EndAgain();
        return lost;
    }

    private void SubmitAgain(PendingJob job)
    {
        // It may have ended meanwhile.
        if (job.Spec is not { } spec)
            return;
        if (job.IsCancelled || _withdrawsAll)
            EndHere(new JobOutcome(job.Id, JobStatus.Cancelled, default, null, 0));
        else if (IsStored(spec.Arguments))
            StartSending(spec, takesPlace: true);
        else
            _gathered.Add(spec);
    }

    private void EndAgain()
    {
        if (_lastWord is PoolProtocol.Close)
            (_closes, _lastWord) = (true, null);
        CloseWhenSent();
        if (IsTerminated)
            _pool.Tell(_lastWord, _self);
    }
}
