using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>How it is read, and opened.</summary>
internal sealed partial class DurablePoolActor
{
    /// <summary>How many jobs are read between two words of progress.</summary>
    private const int ProgressEvery = 100_000;

    /// <summary>How long who has found an empty pool may take to open it.</summary>
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(10);

    private (PoolProtocol.OpenPool Message, IActorRef Client)? _opening;
    private int _reported;
    private bool _isRead;
    private bool _isStarting;

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

    private void Find(PoolProtocol.FindPool find)
    {
        if (_isUnloaded)
            Context.Parent.Forward(find);
        else
            Sender.Tell(new PoolProtocol.PoolFound(find.Pool, Akka.Serialization.Serialization.SerializedActorPath(Self)));
    }

    /// <summary>Somebody asked for a pool that there never was, and did not make it.</summary>
    private void GiveUpIfEmpty()
    {
        if (Ledger.Spec is null && _opening is null)
            Unload();
    }

    private void Open(PoolProtocol.OpenPool open)
    {
        // Who is not heard looks for the pool again.
        if (_isUnloaded)
            return;
        if (_interruption is not null)
            Sender.Tell(new PoolProtocol.PoolInterrupted(_interruption));
        else if (_isRead && !_isUnloading && !_isDeleting && State is not null)
            AdmitWhenWritten(open, Sender);
        else
            OpenLater(open);
    }

    private void OpenLater(PoolProtocol.OpenPool open)
    {
        _opening = (open, Sender);
        if (_isRead && !_isStarting && !_isUnloading && !_isDeleting && Ledger.Spec is null)
            GoOn();
    }

    /// <summary>The client numbers on from the last job: all that was taken before must be known by then.</summary>
    private void AdmitWhenWritten(PoolProtocol.OpenPool open, IActorRef client)
    {
        _journal.WhenWritten(() =>
        {
            // Who is not heard looks for the pool again.
            if (!_isUnloaded)
                AdmitNow(open, client);
        });
        _journal.Flush();
    }

    private void AdmitNow(PoolProtocol.OpenPool open, IActorRef client)
    {
        if (IsDone && !Client.Equals(client))
        {
            Dismiss(open);
            Delete();
        }

        if (_isUnloading || _isDeleting)
            _opening = (open, client);
        else
            Admit(open, client);
    }

    /// <summary>Whoever opens it last is its client.</summary>
    private void Admit(PoolProtocol.OpenPool open, IActorRef client)
    {
        if (open.Spec.Bundle != Ledger.Spec!.Bundle)
        {
            client.Tell(new PoolProtocol.PoolRefused(
                open.Pool,
                $"The durable pool '{open.Spec.Name}' has {Ledger.PendingCount} jobs that another build of the program submitted, and is not done with them: "
                + "run that build until they are, or terminate the pool with it."));
            return;
        }

        // Who looks for the pool until it is opened may open it twice, and close it between the two.
        if (!Client.Equals(client))
        {
            Dismiss(open);
            ForgetClient();
            (Client, _isEndAwaited) = (Context.Watch(client), false);
        }

        client.Tell(new PoolProtocol.PoolOpened(open.Pool, Ledger.LastJob, Ledger.IsClosed || _isOver));
        TellReady();
    }

    /// <summary>Whose it was until another opens it.</summary>
    private void Dismiss(PoolProtocol.OpenPool open)
    {
        if (Client.IsNobody())
            return;
        Context.Unwatch(Client);
        Client.Tell(new PoolProtocol.PoolRefused(open.Pool, $"Another program has opened the durable pool '{open.Spec.Name}'."));
        ClientGone();
    }

    private sealed record NobodyCame
    {
        public static readonly NobodyCame Instance = new();
    }
}
