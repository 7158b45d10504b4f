using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Pools;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>How it is read, opened, unloaded and deleted.</summary>
internal sealed partial class DurablePoolActor
{
    /// <summary>How many jobs are read between two words of progress.</summary>
    private const int ProgressEvery = 100_000;

    /// <summary>How long who has found an empty pool may take to open it.</summary>
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long one that is interrupted hears what executors had to say to it meanwhile, which is counted.</summary>
    private static readonly TimeSpan LateTime = TimeSpan.FromSeconds(2);

    private (PoolProtocol.Open Message, IActorRef Client)? _opening;
    private int _reported;
    private bool _isRead;
    private bool _isStarting;
    private bool _isUnloading;
    private bool _isOver;
    private bool _isDeleting;
    private bool _isUnloaded;
    private string? _interruption;

    /// <inheritdoc/>
    protected override void Finish(long dropped)
    {
        Client.Tell(new PoolProtocol.Finished(dropped));
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

    private void ReceiveFromJournal()
    {
        Receive<JournalProtocol.Read>(read => Read(read.Record));
        Receive<JournalProtocol.Recovered>(_ => GoOn());
        Receive<JournalProtocol.Written>(_ => _journal.Written());
        Receive<JournalProtocol.Grows>(grows => Tell(grows.Reason));
        Receive<JournalProtocol.Deleted>(_ => Unload());
        Receive<JournalProtocol.Failed>(failed => Interrupt($"The durable pool '{Name}' {failed.Reason}"));
    }

    private void Read(object record)
    {
        if (record is PoolSnapshot snapshot)
            Ledger.Restore(snapshot);
        else if (record is PoolRecord next)
            Ledger.Apply(next);
        if (Ledger.PendingCount < _reported + ProgressEvery)
            return;
        _reported = Ledger.PendingCount;
        Tell($"reading: {_reported:N0} jobs so far");
    }

    private string Name => (Ledger.Spec ?? _opening?.Message.Spec)?.Name ?? "";

    private void Tell(string news) => Context.System.EventStream.Publish(new News($"durable pool '{Name}': {news}"));

    /// <summary>
    /// From what was written. The first thing is to write: whoever had the journal before, and may not know that it is over, can write nothing any more.
    /// </summary>
    private void GoOn()
    {
        (_isRead, _isUnloading, _isOver) = (true, false, false);
        if (Ledger.Spec is null && _opening is null)
        {
            Timers.StartSingleTimer(nameof(NobodyCame), NobodyCame.Instance, OpenTimeout);
            return;
        }

        _isStarting = true;
        _lastNoted = Ledger.LastJob;
        _journal.Next.Fence();
        if (_opening is { } opening && (Ledger.Spec is null || Ledger.PendingCount == 0))
            _journal.Next.Open(opening.Message.Spec);
        _journal.WhenWritten(StartAgain);
        _journal.Flush();
    }

    private void StartAgain()
    {
        _isStarting = false;
        // Nodes know it by another name each time: what is left there of the last time is none of this.
        Start(PoolId.New(), Ledger.Spec!);
        Tell($"is here; {Ledger.PendingCount:N0} jobs wait, {Ledger.KeptCount:N0} results are kept");
        foreach (var (job, losses, mayHaveBegun) in Ledger.Pending)
            State.Restore(job, losses, mayHaveBegun);
        Decide(() =>
        {
            if (Ledger.IsClosed)
                State.Close();
        });
        if (_opening is not { } opening)
            return;
        _opening = null;
        AdmitWhenWritten(opening.Message, opening.Client);
    }

    private void Find(PoolProtocol.Find find)
    {
        if (_isUnloaded)
            Context.Parent.Forward(find);
        else
            Sender.Tell(new PoolProtocol.Found(find.Pool, Akka.Serialization.Serialization.SerializedActorPath(Self)));
    }

    /// <summary>Somebody asked for a pool that there never was, and did not make it.</summary>
    private void GiveUpIfEmpty()
    {
        if (Ledger.Spec is null && _opening is null)
            Unload();
    }

    private void Open(PoolProtocol.Open open)
    {
        // Who is not heard looks for the pool again.
        if (_isUnloaded)
            return;
        if (_ticket is not null && !AccessKey.AreEqual(open.Ticket, _ticket))
            Sender.Tell(new PoolProtocol.Refused(open.Pool, "A durable pool is opened with what the coordinator tells clients, and this program did not show that."));
        else if (_interruption is not null)
            Sender.Tell(new PoolProtocol.Interrupted(_interruption));
        else if (_isRead && !_isUnloading && !_isDeleting && State is not null)
            AdmitWhenWritten(open, Sender);
        else
            OpenLater(open);
    }

    private void OpenLater(PoolProtocol.Open open)
    {
        _opening = (open, Sender);
        if (_isRead && !_isStarting && !_isUnloading && !_isDeleting && Ledger.Spec is null)
            GoOn();
    }

    /// <summary>The client numbers on from the last job: all that was taken before must be known by then.</summary>
    private void AdmitWhenWritten(PoolProtocol.Open open, IActorRef client)
    {
        _journal.WhenWritten(() =>
        {
            DeleteIfOver();
            if (_isDeleting)
                _opening = (open, client);
            else
                Admit(open, client);
        });
        _journal.Flush();
    }

    /// <summary>Whoever opens it last is its client.</summary>
    private void Admit(PoolProtocol.Open open, IActorRef client)
    {
        if (open.Spec.Bundle != Ledger.Spec!.Bundle)
        {
            client.Tell(new PoolProtocol.Refused(
                open.Pool,
                $"The durable pool '{open.Spec.Name}' has {Ledger.PendingCount} jobs that another build of the program submitted, and is not done with them: "
                + "run that build until they are, or terminate the pool with it."));
            return;
        }

        if (!Client.IsNobody() && !Client.Equals(client))
        {
            Context.Unwatch(Client);
            Client.Tell(new PoolProtocol.Refused(open.Pool, $"Another program has opened the durable pool '{open.Spec.Name}'."));
        }

        Client = Context.Watch(client);
        client.Tell(new PoolProtocol.Opened(open.Pool, Ledger.LastJob, Ledger.IsClosed || _isOver));
        if (_isOver)
            client.Tell(new PoolProtocol.Finished(0));
        TellReady();
    }

    private void Detach(PoolProtocol.Detach detach)
    {
        // Only where pool and client are one program, and there are no tickets, does the one take the other with it.
        if (detach.Unload && _ticket is null)
        {
            EndHere();
        }
        else if (Sender.Equals(Client))
        {
            Client.Tell(new PoolProtocol.Finished(0));
            ClientGone();
        }
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
            Client.Tell(new PoolProtocol.Finished(0));
            _journal.WhenWritten(UnloadUnlessDeleting);
        }
        else
        {
            _isUnloading = true;
            _journal.WhenWritten(() => Decide(State.Terminate));
        }

        _journal.Flush();
    }

    private void UnloadUnlessDeleting()
    {
        if (!_isDeleting)
            Unload();
    }

    private void Interrupt(string reason)
    {
        if (_interruption is not null)
            return;
        _interruption = reason;
        Tell($"cannot go on here: {reason}; {_journal.UnwrittenCompletions:N0} completions were refused");
        Client.Tell(new PoolProtocol.Interrupted(reason));
        if (_opening is { } opening)
            opening.Client.Tell(new PoolProtocol.Interrupted(reason));
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

    /// <summary>A pool whose end is told and whose outcomes are all taken.</summary>
    private void DeleteIfOver()
    {
        if (!_isOver || _isUnloading || _isDeleting || Ledger.KeptCount > 0)
            return;
        _isDeleting = true;
        _journal.Delete();
    }

    private void Forget(PoolProtocol.Taken taken)
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

    private sealed record NobodyCame
    {
        public static readonly NobodyCame Instance = new();
    }
}
