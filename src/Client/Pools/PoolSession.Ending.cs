using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>The end of a pool and of its remaining jobs.</summary>
internal sealed partial class PoolSession
{
    /// <summary>Throws unless the pool accepts jobs.</summary>
    /// <exception cref="InvalidOperationException">The pool no longer accepts jobs.</exception>
    public void RequireOpen()
    {
        lock (_access)
        {
            if (_state.FindRefusal() is { } reason)
                throw reason;
        }
    }

    /// <summary>Accepts no more jobs. Submitted jobs continue; with <paramref name="cancelPending"/> only started ones.</summary>
    public void Close(bool cancelPending = false) => UpdateState(state => state.Close(cancelPending));

    /// <summary>
    /// Detaches from the pool: accepted jobs continue, at the coordinator or when the pool is opened again. Does nothing when the pool was
    /// terminated.
    /// </summary>
    public void DetachClient()
    {
        lock (_access)
        {
            MarkReceived();
            _state.Detach();
            CarryOutEffects();
        }
    }

    /// <summary>Ends every job now; jobs of a durable pool end when that is written. The pool sends no outcomes for the others.</summary>
    public void Terminate()
    {
        IReadOnlyCollection<PendingJob> dropped;
        lock (_access)
        {
            dropped = _state.BeginTermination();
            CarryOutEffects();
        }

        DropJobs(dropped, Failure ?? PoolEndReasons.CreateDropped());
        bool endsWithoutPool;
        lock (_access)
        {
            _state.RequestTermination();
            CarryOutEffects();
            endsWithoutPool = _state.EndsWithoutPool;
        }

        if (endsWithoutPool)
            EndSession();
    }

    /// <summary>
    /// Completes when this process has stopped writing for the pool, so that its store can be moved or deleted, or when another pool of
    /// this process uses it.
    /// </summary>
    public async Task UnloadPoolAsync()
    {
        if (_rules.IsRemote || _pool.IsNobody())
            return;
        using var done = new CancellationTokenSource();
        var answer = _pool.Ask<PoolProtocol.PoolFinished>(new PoolProtocol.DetachFromPool(Unload: true), done.Token);
        await Task.WhenAny(_pool.WatchAsync(done.Token), answer).ConfigureAwait(false);
        await done.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the session after the pool has ended, with the jobs that were in transit.</summary>
    internal void EndSession()
    {
        _ = _output.EndOutputAsync();
        Exception reason;
        IReadOnlyCollection<PendingJob> jobs;
        lock (_access)
        {
            MarkReceived();
            (reason, jobs) = _state.EndSession();
            CarryOutEffects();
        }

        DropJobs(jobs, reason);
        _localShares.RemoveAll();
        _clusterShares.RemoveAll();
        _finished.TrySetResult(_tally.ToSummary());
    }

    private void EndWithLoss(Exception exception)
    {
        IReadOnlyCollection<PendingJob> jobs;
        lock (_access)
        {
            jobs = _state.EndWithLoss(exception);
            CarryOutEffects();
        }

        _opened.TrySetException(exception);
        DropJobs(jobs, exception);
        _ = _output.EndOutputAsync();
        _finished.TrySetException(exception);
    }

    /// <summary>Ends jobs without an outcome.</summary>
    private void DropJobs(IReadOnlyCollection<PendingJob> jobs, Exception reason) =>
        new EndExceptions(reason).DropJobs(jobs, _tally, ReleaseJob);
}
