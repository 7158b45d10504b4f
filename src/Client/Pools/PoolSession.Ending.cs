using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Pools;

/// <summary>The end of a pool and of its remaining jobs.</summary>
internal sealed partial class PoolSession
{
    private volatile bool _isFinishDue;

    /// <summary>Whether <see cref="TryFinishSession"/> may end the session. May be read at any time, without the lock.</summary>
    internal bool IsFinishDue => _isFinishDue;

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

    /// <inheritdoc/>
    public Task DetachClientAsync()
    {
        lock (_access)
        {
            MarkReceived();
            _state.Detach();
            CarryOutEffects();
        }

        return _ended.Task;
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

    /// <summary>Ends the session if the pool has finished, unless it stays connected for acknowledgments.</summary>
    /// <returns>Whether the session has ended.</returns>
    internal bool TryFinishSession()
    {
        lock (_access)
        {
            _isFinishDue = false;
            // Otherwise another thread has attached to a job, or the session leaves the pool and waits for the confirmation.
            if (!_state.HasFinished)
                return false;
        }

        return EndSession(static state => state.FinishSession());
    }

    /// <summary>Ends the session, because the pool does not exist any more.</summary>
    internal void EndSession() => EndSession(static state => state.EndSession());

    /// <summary>Ends the jobs that were in transit.</summary>
    /// <returns>Whether the session has ended.</returns>
    private bool EndSession(Func<ClientPoolState, (Exception Reason, IReadOnlyCollection<PendingJob> Jobs)> end)
    {
        _ = _output.EndOutputAsync();
        Exception reason;
        IReadOnlyCollection<PendingJob> jobs;
        bool hasEnded;
        lock (_access)
        {
            MarkReceived();
            (reason, jobs) = end(_state);
            CarryOutEffects();
            hasEnded = _state.HasEnded;
        }

        DropJobs(jobs, reason);
        _localShares.RemoveAll();
        _clusterShares.RemoveAll();
        _finished.TrySetResult(_tally.ToSummary());
        if (hasEnded)
            _ended.TrySetResult();
        return hasEnded;
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
        _ended.TrySetResult();
    }

    /// <summary>Ends jobs without an outcome.</summary>
    private void DropJobs(IReadOnlyCollection<PendingJob> jobs, Exception reason) =>
        new EndExceptions(reason).DropJobs(jobs, _tally, ReleaseJob);
}
