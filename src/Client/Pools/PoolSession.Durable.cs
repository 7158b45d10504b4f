using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Remoting.Dispatch;
using Actors.Runtime;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>
/// What is special to a durable pool: it is found again when its coordinator was lost. What was sent and not accepted is sent again, what was accepted is
/// waited for again; the pool knows jobs by their numbers, so that none is taken twice.
/// </summary>
internal sealed partial class PoolSession
{
    private static readonly TimeSpan ReopenPause = TimeSpan.FromMilliseconds(100);

    private readonly Queue<ImmutableArray<JobSpec>> _unaccepted = new();
    private readonly HashSet<JobId> _wantCancelled = [];
    private bool _wasOpen;
    private bool _isDetached;
    private IWireMessage? _lastWord;

    /// <summary>The last job that was submitted, by this program or another before it.</summary>
    public long LastJob
    {
        get
        {
            lock (_submitting)
                return _lastId;
        }
    }

    /// <summary>Waits for a job that was accepted before.</summary>
    /// <exception cref="InvalidOperationException">This session waits for it already.</exception>
    public void Attach(PendingJob job, long id)
    {
        lock (_submitting)
        {
            job.Id = new JobId(id);
            if (!_pending.TryAdd(id, job))
                throw new InvalidOperationException($"Job {id} is waited for already: it was submitted here, or attached to before.");
            _pool.Tell(new PoolProtocol.Attach([job.Id]), _self);
        }
    }

    /// <summary>Leaves the pool: what was accepted goes on, here or where it is opened next.</summary>
    public void Detach()
    {
        lock (_submitting)
        {
            _isDetached = true;
            _over ??= new PoolTerminatedException("The durable pool was disposed here. Its jobs go on: open it again by its name, and attach to them by their ids.");
            SayLast(new PoolProtocol.Detach(Unload: !_isRemote));
        }
    }

    /// <summary>Ends when nothing is written for the pool in this process any more: its store may be moved or deleted then.</summary>
    public Task UnloadAsync()
    {
        if (_isRemote || _pool.IsNobody())
            return Task.CompletedTask;
        _pool.Tell(new PoolProtocol.Detach(Unload: true), ActorRefs.NoSender);
        return _pool.WatchAsync();
    }

    internal void Opened(IActorRef pool, PoolProtocol.Opened opened)
    {
        lock (_submitting)
        {
            _pool = pool;
            if (opened.IsClosed)
                _over ??= new InvalidOperationException($"The durable pool '{_spec.Name}' was closed and takes no more jobs; the results that it has can be fetched.");
            if (_wasOpen)
                Resume(opened.LastJob);
            else
                _lastId = _lastSent = opened.LastJob.Value;
            _wasOpen = true;
        }

        _opened.TrySetResult();
    }

    /// <summary>The pool wants nothing of this client, or nothing any more.</summary>
    internal void Refused(string reason) => LoseForGood(_wasOpen ? new PoolTerminatedException(reason) : new InvalidOperationException(reason));

    private async Task OpenAtAsync(IClientRuntime runtime, CancellationToken cancellationToken)
    {
        var pools = await runtime.PoolsAsync(_options.Store, cancellationToken).ConfigureAwait(false);
        var props = Props.Create(() => new PoolSessionActor(this, _output));
        _self = runtime.System.ActorOf(InlineDispatcher.Apply(props, runtime.System));
        _self.Tell(new PoolSessionActor.OpenAt(pools, new PoolProtocol.Open(_id, _spec)));
        await _opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What is said again to the pool when it is found again.</summary>
    private void SayLast(IWireMessage word)
    {
        _lastWord = word;
        _pool.Tell(word, _self);
    }

    private enum Loss
    {
        ForGood,
        OfThePast,
        WhileOpening,
        ToBeFound,
    }

    private Loss WhatNow(IActorRef by)
    {
        lock (_submitting)
        {
            if (!_wasOpen || _reopen is null || _isDetached)
                return Loss.ForGood;
            if (!by.Equals(_self))
                return Loss.OfThePast;
            if (!_opened.Task.IsCompleted)
                return Loss.WhileOpening;
            // What is submitted meanwhile gathers.
            (_pool, _self, _underWay) = (ActorRefs.Nobody, ActorRefs.Nobody, true);
            return Loss.ToBeFound;
        }
    }

    private async Task ReopenAsync(Exception lost)
    {
        if (lost is CoordinatorLostException)
            _runtime.Avoid();
        using var patience = new CancellationTokenSource(_options.ReconnectFor);
        Executors.Clear();
        while (true)
        {
            try
            {
                _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var next = await _reopen!(patience.Token).ConfigureAwait(false);
                // It ends in its own time: what is left of a lost connection is waited for there.
                _ = Interlocked.Exchange(ref _runtime, next).DisposeAsync().AsTask();
                _spec = _spec with { Bundle = await next.ProvideCodeAsync(isKept: true, patience.Token).ConfigureAwait(false) };
                await OpenAtAsync(next, patience.Token).ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (MayPass(exception) && !patience.IsCancellationRequested)
            {
                // It may be on its way back, or another may be taking its place.
                await Task.Delay(ReopenPause).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                LoseForGood(exception is OperationCanceledException
                    ? new CoordinatorLostException($"The durable pool '{_spec.Name}' was not found again within {_options.ReconnectFor}. What it has accepted is kept.", exception)
                    : exception);
                return;
            }
        }
    }

    /// <summary>What is so because a coordinator has gone, and may be otherwise when it, or another, is there.</summary>
    private static bool MayPass(Exception exception) =>
        exception is CoordinatorLostException or CoordinatorUnreachableException or DurableStoreException or Remoting.Bundles.BundleException;

    private void Resume(JobId lastAccepted)
    {
        var waitedFor = _pending.Keys.Where(id => id <= lastAccepted.Value).Select(id => new JobId(id)).ToImmutableArray();
        if (!waitedFor.IsEmpty)
            _pool.Tell(new PoolProtocol.Attach(waitedFor), _self);
        while (_unaccepted.TryPeek(out var batch) && batch[^1].Id.Value <= lastAccepted.Value)
            _unaccepted.Dequeue();
        foreach (var batch in _unaccepted)
            _pool.Tell(new PoolProtocol.Submit(batch), _self);
        _wantCancelled.RemoveWhere(id => !_pending.ContainsKey(id.Value));
        if (_wantCancelled.Count > 0)
            _pool.Tell(new PoolProtocol.Cancel([.. _wantCancelled]), _self);
        _underWay = _unaccepted.Count > 0;
        SendGathered();
        if (_lastWord is not null)
            _pool.Tell(_lastWord, _self);
    }

    /// <summary>Outcomes that have arrived need not be kept.</summary>
    private void SayTaken(ImmutableArray<JobOutcome> outcomes)
    {
        if (_spec.IsDurable)
            _pool.Tell(new PoolProtocol.Taken([.. outcomes.Where(outcome => outcome.Status != JobStatus.Unknown).Select(outcome => outcome.Id)]), _self);
    }
}
