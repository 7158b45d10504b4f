using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>How it is left, unloaded, ended and deleted.</summary>
internal sealed partial class DurablePoolActor
{
    /// <summary>How long one that is interrupted hears what executors had to say to it meanwhile, which is counted.</summary>
    private static readonly TimeSpan LateTime = TimeSpan.FromSeconds(2);

    private bool _isUnloading;
    private bool _isOver;

    /// <summary>Whether the client has ended the pool itself. One that found it closed may yet attach to what the pool has kept, and is not told of its end.</summary>
    private bool _isEndAwaited;
    private bool _isDeleting;
    private bool _isUnloaded;
    private string? _interruption;

    /// <summary>Whether it is over, and whoever wanted its outcomes has them.</summary>
    private bool IsDone => _isOver && !_isUnloading && !_isDeleting && Ledger.KeptCount + Ledger.PendingCount == 0;

    /// <inheritdoc/>
    protected override void Close() => CloseAnd(State.Close);

    /// <inheritdoc/>
    protected override void Terminate() => CloseAnd(State.Terminate);

    /// <inheritdoc/>
    protected override void Finish(long dropped)
    {
        if (_isUnloading || _isEndAwaited)
            TellFinished(dropped);
        _isOver = true;
        if (!_isUnloading)
            DeleteIfOver();
        else if (_interruption is not null)
            Timers.StartSingleTimer(nameof(NothingMoreCame), NothingMoreCame.Instance, LateTime);
        else if (_opening is not null)
            GoOn();
        else
            Unload();
    }

    /// <summary>It ends when nothing is kept any more.</summary>
    protected override void OnHeard()
    {
    }

    private void CloseAnd(Action end)
    {
        var client = Client;
        _journal.Next.Close();
        _journal.WhenWritten(() =>
        {
            var wasOver = _isOver;
            // Not before: what is deleted earlier takes this record with it.
            _isEndAwaited |= client.Equals(Client);
            Decide(end);
            if (!wasOver || !_isEndAwaited)
                return;
            TellFinished(0);
            DeleteIfOver();
        });
        _journal.Flush();
    }

    private void Detach(PoolProtocol.DetachFromPool detach)
    {
        var client = Sender;
        // Another may have opened it, whose it is then.
        if (!Client.IsNobody() && !Client.Equals(client))
            return;
        if (detach.Unload)
        {
            EndHere();
            return;
        }

        ClientGone();
        _journal.WhenWritten(() => client.Tell(new PoolProtocol.PoolFinished(0)));
        _journal.Flush();
    }

    private void UnloadIfIdle()
    {
        if (!Client.IsNobody() || State is null || State.Pending > 0 || Ledger.PendingCount > 0)
            _idleSince = null;
        else if (!_isUnloading && !_isOver && Now - (_idleSince ??= Now) > IdleTime)
            EndHere();
    }

    /// <summary>Ends the executors, and nothing else.</summary>
    private void EndHere()
    {
        if (_isUnloading || _isDeleting)
            return;
        if (_isOver)
        {
            TellFinished(0);
            ClientGone();
            _journal.WhenWritten(DeleteOrUnload);
        }
        else
        {
            _isUnloading = true;
            _journal.WhenWritten(() => Decide(State.Terminate));
        }

        _journal.Flush();
    }

    private void DeleteOrUnload()
    {
        DeleteIfOver();
        if (!_isDeleting && Client.IsNobody())
            Unload();
    }

    private void Interrupt(string reason)
    {
        if (_interruption is not null)
            return;
        _interruption = reason;
        Tell($"cannot go on here: {reason}; {_journal.UnwrittenCompletions:N0} completions were refused");
        Client.Tell(new PoolProtocol.PoolInterrupted(reason));
        if (_opening is { } opening)
            opening.Client.Tell(new PoolProtocol.PoolInterrupted(reason));
        _opening = null;
        // It waits for nothing but to be written.
        if (State is null or { IsFinished: true })
        {
            Unload();
            return;
        }

        _isUnloading = true;
        Decide(State.Terminate);
    }

    private void DeleteIfOver()
    {
        if (IsDone && (_isEndAwaited || Client.IsNobody()))
            Delete();
    }

    private void Delete()
    {
        _isDeleting = true;
        // Whoever has the journal by now, what is there is not this one's to delete.
        _journal.Next.Fence();
        _journal.WhenWritten(_journal.Delete);
        _journal.Flush();
    }

    private void Forget(PoolProtocol.ForgetOutcomes taken)
    {
        _journal.Next.Forget(taken.Jobs);
        if (!_isOver)
            return;
        _journal.WhenWritten(DeleteIfOver);
        _journal.Flush();
    }

    private void Unload()
    {
        if (_isUnloaded)
            return;
        _isUnloaded = true;
        Context.Parent.Tell(_farewell);
    }

    private sealed record NothingMoreCame
    {
        public static readonly NothingMoreCame Instance = new();
    }
}
