using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>Detaches the client, and unloads, ends and deletes the pool.</summary>
internal sealed partial class DurablePoolActor
{
    /// <summary>How long an interrupted pool still receives reports from its executors. These reports are counted as refused.</summary>
    private static readonly TimeSpan LateTime = TimeSpan.FromSeconds(2);

    private bool _isUnloading;
    private bool _hasEnded;

    /// <summary>
    /// Whether the current client has closed or terminated the pool. A client that found the pool closed may still attach to retained
    /// outcomes, and receives no notice of the end.
    /// </summary>
    private bool _isEndAwaited;
    private bool _isDeleting;
    private bool _isUnloaded;
    private string? _interruption;

    /// <summary>Whether the pool has ended and no outcome is pending or retained.</summary>
    private bool IsSettled => _hasEnded && !_isUnloading && !_isDeleting && Ledger.RetainedCount + Ledger.PendingCount == 0;

    /// <inheritdoc/>
    protected override void ClosePool() => EndWhenWritten(State.ClosePool);

    /// <inheritdoc/>
    protected override void TerminatePool() => EndWhenWritten(State.TerminatePool);

    /// <inheritdoc/>
    protected override void FinishPool(long dropped)
    {
        if (_isUnloading || _isEndAwaited)
            SendFinished(dropped);
        _hasEnded = true;
        if (!_isUnloading)
            DeleteIfSettled();
        else if (_interruption is not null)
            Timers.StartSingleTimer(nameof(LateTimeElapsed), LateTimeElapsed.Instance, LateTime);
        else if (_opening is not null)
            StartFromLedger();
        else
            UnloadPool();
    }

    /// <summary>Does nothing: a durable pool ends when no outcome is retained any more.</summary>
    protected override void OnAllAcknowledged()
    {
    }

    private void EndWhenWritten(Action end)
    {
        var client = Client;
        _journal.NextBatch.AddClosed();
        _journal.WhenWritten(() =>
        {
            var wasOver = _hasEnded;
            // Set only now: a pool that is deleted earlier would delete this record too.
            _isEndAwaited |= client.Equals(Client);
            UpdateState(end);
            if (!wasOver || !_isEndAwaited)
                return;
            SendFinished(0);
            DeleteIfSettled();
        });
        _journal.WriteNext();
    }

    private void DetachClient(PoolProtocol.DetachFromPool detach)
    {
        var client = Sender;
        // Another client may have opened the pool since. It owns the pool then.
        if (!Client.IsNobody() && !Client.Equals(client))
            return;
        // A lost submission is sent again, and this request after it. A client that has left may ask for the lost answer.
        if (!Client.IsNobody() && !HasReceived(detach.Submitted))
            return;
        if (detach.Unload)
        {
            StopHere();
            return;
        }

        OnClientLost();
        _journal.WhenWritten(() => client.Tell(new PoolProtocol.PoolFinished(0)));
        _journal.WriteNext();
    }

    private void UnloadIfIdle()
    {
        if (!Client.IsNobody() || State is null || State.Pending > 0 || Ledger.PendingCount > 0)
            _idleSince = null;
        else if (!_isUnloading && !_hasEnded && Now - (_idleSince ??= Now) > IdleTime)
            StopHere();
    }

    /// <summary>Releases the executors, then unloads the pool. Its jobs and outcomes stay in the store.</summary>
    private void StopHere()
    {
        if (_isUnloading || _isDeleting)
            return;
        if (_hasEnded)
        {
            SendFinished(0);
            OnClientLost();
            _journal.WhenWritten(DeleteOrUnload);
        }
        else
        {
            _isUnloading = true;
            _journal.WhenWritten(() => UpdateState(State.TerminatePool));
        }

        _journal.WriteNext();
    }

    private void DeleteOrUnload()
    {
        DeleteIfSettled();
        if (!_isDeleting && Client.IsNobody())
            UnloadPool();
    }

    private void InterruptPool(string reason)
    {
        if (_interruption is not null)
            return;
        _interruption = reason;
        PublishEvent($"cannot continue here: {reason}; {_journal.UnwrittenCompletions:N0} completions were refused");
        Client.Tell(new PoolProtocol.PoolInterrupted(reason));
        if (_opening is { } opening)
            opening.Client.Tell(new PoolProtocol.PoolInterrupted(reason));
        _opening = null;
        // No executor is left to wait for.
        if (State is null or { IsFinished: true })
        {
            UnloadPool();
            return;
        }

        _isUnloading = true;
        UpdateState(State.TerminatePool);
    }

    private void DeleteIfSettled()
    {
        if (IsSettled && (_isEndAwaited || Client.IsNobody()))
            DeletePool();
    }

    private void DeletePool()
    {
        _isDeleting = true;
        // Fails if another coordinator writes this journal by now. Its records must not be deleted.
        _journal.NextBatch.AddFence();
        _journal.WhenWritten(_journal.DeleteJournal);
        _journal.WriteNext();
    }

    private void ForgetOutcomes(PoolProtocol.ForgetOutcomes acknowledged)
    {
        ForgetWhenWritten(acknowledged.Jobs);
        if (!_hasEnded)
            return;
        _journal.WhenWritten(DeleteIfSettled);
        _journal.WriteNext();
    }

    private void ForgetWhenWritten(ImmutableArray<JobId> jobs)
    {
        // A job with the key of a forgotten one that is submitted from now on is a new job.
        foreach (var job in _keys.IsEmpty ? [] : jobs.Where(job => FindOutcome(job) is not null))
            _keys.ForgetJob(job);
        _journal.NextBatch.AddForgotten(jobs);
    }

    private void UnloadPool()
    {
        if (_isUnloaded)
            return;
        _isUnloaded = true;
        Context.Parent.Tell(_unloadedMessage);
    }

    private sealed record LateTimeElapsed
    {
        public static readonly LateTimeElapsed Instance = new();
    }
}
