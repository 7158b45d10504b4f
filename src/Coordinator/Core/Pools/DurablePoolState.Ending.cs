using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>Ends sessions, and unloads, closes and deletes the pool.</summary>
public sealed partial class DurablePoolState
{
    /// <summary>How long an interrupted pool still receives reports from its executors. These reports are counted as refused.</summary>
    public static readonly TimeSpan LateTime = TimeSpan.FromSeconds(2);

    /// <summary>The clients that have left, and are told when the pool has stopped.</summary>
    private readonly List<IRecipient> _detached = [];

    /// <summary>The former clients that wait until this actor ends or another client uses the pool.</summary>
    private readonly List<IRecipient> _awaitingUnload = [];

    /// <summary>Whether clients are connected, or are as soon as their session is written.</summary>
    private bool HasClients => _links.Count > 0 || _opening.HasConnecting;

    /// <summary>The client submits no more jobs.</summary>
    private void CloseSession(SessionLink link) => WhenWritten(() =>
    {
        link.IsClosing = true;
        EndIfDone();
    });

    /// <summary>The jobs of the session are canceled, and the client submits no more.</summary>
    private void TerminateSession(SessionLink link) => WhenWritten(() =>
    {
        (link.IsClosing, link.IsTerminated) = (true, true);
        CancelJobs(GetPending(link));
        EndIfDone();
    });

    /// <summary>Closes the pool for all programs.</summary>
    private void ClosePool(PoolProtocol.CloseDurablePool close, IRecipient client)
    {
        if (_lifecycle.IsEmpty)
        {
            client.Send(new PoolProtocol.DurablePoolClosed(_id, Exists: false));
            return;
        }

        _lifecycle.Close();
        if (!Ledger.IsClosed)
        {
            _journal.NextBatch.AddClosed();
            _journal.WhenWritten(() => _host.PublishEvent(new DurablePoolEvent.Closed(Name, Ledger.PendingCount)));
        }

        // All accepted jobs are written before they are canceled.
        WhenWritten(() =>
        {
            if (close.CancelsJobs)
                CancelForTool([.. Ledger.Pending.Select(pending => pending.Job.Id).Where(Ledger.IsUnfinished)]);
            WhenWritten(() => ConfirmClosing(client));
        });
    }

    private void ConfirmClosing(IRecipient client)
    {
        client.Send(new PoolProtocol.DurablePoolClosed(_id, Exists: true));
        EndIfDone();
        // This process has loaded the pool for this request only.
        if (!_runsEveryBuild && !HasClients)
            StopPool();
    }

    private void DetachClient(PoolProtocol.DetachFromPool detach, IRecipient client)
    {
        var isConnected = _links.TryGetValue(client, out var link);
        if (link is not null)
        {
            // A lost submission is sent again, and this request after it.
            if (!link.Link.HasReceived(detach.Submitted))
                return;
            _journal.NextBatch.AddEndedSession(link.Range);
            Disconnect(link);
        }

        if (detach.Unload && !HasClients)
        {
            (isConnected ? _detached : _awaitingUnload).Add(client);
            StopPool();
        }
        else
        {
            WhenWritten(() => ConfirmDetaching(detach, client));
        }
    }

    /// <summary>
    /// A client that has left may ask for the lost answer. One whose connection was lost before has not left: its last submissions did not
    /// arrive.
    /// </summary>
    private void ConfirmDetaching(PoolProtocol.DetachFromPool detach, IRecipient client) => client.Send(
        Ledger.Sessions.FindSession(detach.Range) is { HasEnded: false }
            ? new PoolProtocol.PoolInterrupted("The connection of the program to the pool was lost.")
            : new PoolProtocol.PoolFinished(0));

    /// <summary>
    /// The connection to a client is lost. Its session waits for the client to connect again, even if the client was told of the end: the
    /// message may be lost.
    /// </summary>
    public void Disconnect(SessionLink link)
    {
        _links.Remove(link.Link.Client);
        _host.UnwatchClient(link.Link.Client);
        link.Link.Disconnect();
        _outputs.DropClient(link.Link.Client);
        ForgetWhenWritten(_shared.RemoveSession(link.Range));
        UpdatePause();
        // The workers of a build without code would fail.
        if (_builds.TryGetValue(link.Bundle, out var build) && !CanRun(build.Bundle))
            EndBuild(build, isGraceful: false);
        _journal.WriteNext();
    }

    /// <summary>Tells clients that wait for their last job that it has ended, and ends the pool after its last job.</summary>
    private void EndIfDone()
    {
        if (!_isSendingOutcomes)
            EndDone();
    }

    private void EndDone()
    {
        if (!_lifecycle.IsRunning)
            return;
        foreach (var link in _links.Values.Where(link => link is { IsClosing: true, Link.HasFinished: false }).ToList())
            FinishIfDone(link);
        if (!Ledger.IsClosed || Ledger.PendingCount > 0 || _lifecycle.HasEnded)
            return;
        foreach (var build in _builds.Values)
            EndBuild(build, isGraceful: true);
        if (_builds.Count > 0)
            return;
        _lifecycle.End();
        foreach (var link in _links.Values.Where(link => !link.Link.HasFinished))
            link.Link.SendFinished(0);
        DeleteIfSettled();
    }

    /// <summary>
    /// Tells a client that its jobs have ended. If it is the last one of its build, its workers end before: so it learns of an initializer
    /// that throws.
    /// </summary>
    private void FinishIfDone(SessionLink link)
    {
        if (Ledger.Sessions.FindSession(link.Range) is { Pending: > 0 })
            return;
        if (_builds.TryGetValue(link.Bundle, out var build) && !IsNeeded(build))
            EndBuild(build, isGraceful: true);
        else
            link.Link.SendFinished(0);
    }

    /// <summary>Whether a session or a job needs a build.</summary>
    private bool IsNeeded(PoolBuild build) => CountJobs(build.Bundle) > 0
        || _links.Values.Any(link => link.Bundle == build.Bundle && !link.IsClosing);

    private void StopIfIdle(TimeSpan now)
    {
        foreach (var build in _builds.Values)
        {
            if (IsNeeded(build))
                build.IdleSince = null;
            else if (now - (build.IdleSince ??= now) > DurablePoolLifecycle.IdleTime)
                EndBuild(build, isGraceful: false);
        }

        if (_lifecycle.CheckIdle(HasClients || (_runsEveryBuild && Ledger.PendingCount > 0), now))
            StopPool();
    }

    /// <summary>Releases the executors, then unloads the pool. Its jobs and outcomes stay in the store.</summary>
    private void StopPool()
    {
        if (!_lifecycle.TryStop())
            return;
        foreach (var build in _builds.Values)
            EndBuild(build, isGraceful: false);
        WhenWritten(CompleteStop);
    }

    private void CompleteStop()
    {
        if (!_lifecycle.IsStopping || _builds.Count > 0)
            return;
        if (IsInterrupted)
        {
            _host.StartLateTime();
            return;
        }

        TellFinished(_detached);
        if (_lifecycle.HasEndedBefore && Ledger.RetainedCount == 0)
        {
            DeletePool();
        }
        else if (_opening.HasWaiting)
        {
            TellFinished(_awaitingUnload);
            StartFromLedger();
        }
        else
        {
            if (Ledger.Spec is not null)
                _host.PublishEvent(new DurablePoolEvent.Unloaded(Name, Ledger.RetainedCount));
            UnloadPool();
        }
    }

    private static void TellFinished(List<IRecipient> clients)
    {
        foreach (var client in clients)
            client.Send(new PoolProtocol.PoolFinished(0));
        clients.Clear();
    }

    /// <summary>Unloads a pool that was looked up, did not exist, and was not created.</summary>
    public void OnOpenTimeElapsed()
    {
        if (_lifecycle.IsEmpty)
            UnloadPool();
    }

    private void InterruptPool(string reason, bool isOwnedElsewhere)
    {
        if (!_lifecycle.TryInterrupt(reason, isOwnedElsewhere))
            return;
        _host.PublishEvent(new DurablePoolEvent.Interrupted(Name, reason, _journal.UnwrittenCompletions));
        foreach (var client in _links.Keys.Concat(_opening.All))
            client.Send(new PoolProtocol.PoolInterrupted(reason));
        foreach (var link in _links.Values)
        {
            _host.UnwatchClient(link.Link.Client);
            link.Link.Disconnect();
        }

        EndCharges();
        _links.Clear();
        foreach (var finished in _builds.Values.Where(build => build.HasFinished).ToList())
            _builds.Remove(finished.Bundle);
        // No executor is left to wait for.
        if (_builds.Count == 0)
        {
            UnloadPool();
            return;
        }

        TellBuilds(new PoolProtocol.TerminatePool());
    }

    /// <summary>Deletes a pool that has ended if no outcome is retained, and no client waits for its end.</summary>
    /// <returns>Whether it is deleted.</returns>
    private bool DeleteIfSettled()
    {
        if (!_lifecycle.HasEnded || Ledger.RetainedCount > 0 || _links.Values.Any(link => !link.Link.HasFinished))
            return false;
        DeletePool();
        return true;
    }

    private void DeletePool()
    {
        _lifecycle.Delete();
        // Fails if another coordinator writes this journal by now. Its records must not be deleted.
        _journal.NextBatch.AddFence();
        WhenWritten(_journal.DeleteJournal);
    }

    /// <summary>Unloads an interrupted pool, whose executors had time to report.</summary>
    public void OnLateTimeElapsed() => UnloadPool();

    private void UnloadPool()
    {
        if (_lifecycle.TryUnload(_runsEveryBuild, hasJobs: Ledger.PendingCount > 0) is not { } mustContinue)
            return;
        if (mustContinue)
            _host.ReloadPool();
        else
            _host.UnloadPool();
    }
}
