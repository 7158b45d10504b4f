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
        Receive<JournalProtocol.RecordRead>(read => ApplyRecord(read.Record));
        Receive<JournalProtocol.ReadCompleted>(_ => StartFromLedger());
        Receive<JournalProtocol.RecordWritten>(_ => _journal.OnWritten());
        Receive<JournalProtocol.CompactionFailed>(grows => PublishEvent(grows.Reason));
        Receive<JournalProtocol.JournalDeleted>(_ => UnloadPool());
        Receive<JournalProtocol.JournalFailed>(failed => InterruptPool($"The durable pool '{Name}' {failed.Reason}"));
    }

    private void ApplyRecord(object record)
    {
        if (record is PoolSnapshot snapshot)
            Ledger.RestoreSnapshot(snapshot);
        else if (record is PoolRecord next)
            Ledger.ApplyRecord(next);
        if (Ledger.PendingCount < _reported + ProgressEvery)
            return;
        _reported = Ledger.PendingCount;
        PublishEvent($"reading: {_reported:N0} jobs so far");
    }

    private string Name => (Ledger.Spec ?? _opening?.Message.Spec)?.Name ?? "";

    private void PublishEvent(string text) => Context.System.EventStream.Publish(new LogEvent($"durable pool '{Name}': {text}"));

    /// <summary>
    /// From what was written. The first thing is to write: whoever had the journal before, and may not know that it is over, can write nothing any more.
    /// </summary>
    private void StartFromLedger()
    {
        (_isRead, _isUnloading, _hasEnded) = (true, false, false);
        if (Ledger.Spec is null && _opening is null)
        {
            Timers.StartSingleTimer(nameof(OpenTimedOut), OpenTimedOut.Instance, OpenTimeout);
            return;
        }

        _isStarting = true;
        _lastJournaled = Ledger.LastJob;
        _journal.NextBatch.AddFence();
        if (_opening is { } opening && (Ledger.Spec is null || Ledger.PendingCount == 0))
            _journal.NextBatch.AddOpened(opening.Message.Spec);
        _journal.WhenWritten(StartWrittenPool);
        _journal.WriteNext();
    }

    private void StartWrittenPool()
    {
        _isStarting = false;
        // Nodes know it by another name each time: what is left there of the last time is none of this.
        StartPool(PoolId.New(), Ledger.Spec!);
        PublishEvent($"is here; {Ledger.PendingCount:N0} jobs wait, {Ledger.RetainedCount:N0} results are kept");
        foreach (var (job, losses, mayHaveBegun) in Ledger.Pending)
            State.RestoreJob(job, losses, mayHaveBegun);
        UpdateState(() =>
        {
            if (Ledger.IsClosed)
                State.ClosePool();
        });
        if (_opening is not { } opening)
            return;
        _opening = null;
        AdmitWhenWritten(opening.Message, opening.Client);
    }

    private void AnswerFind(PoolProtocol.FindPool find)
    {
        if (_isUnloaded)
            Context.Parent.Forward(find);
        else
            Sender.Tell(new PoolProtocol.PoolFound(find.Pool, Akka.Serialization.Serialization.SerializedActorPath(Self)));
    }

    /// <summary>Somebody asked for a pool that there never was, and did not make it.</summary>
    private void UnloadIfEmpty()
    {
        if (Ledger.Spec is null && _opening is null)
            UnloadPool();
    }

    private void OpenPool(PoolProtocol.OpenPool open)
    {
        // Who is not heard looks for the pool again.
        if (_isUnloaded)
            return;
        if (_interruption is not null)
            Sender.Tell(new PoolProtocol.PoolInterrupted(_interruption));
        else if (_isRead && !_isUnloading && !_isDeleting && State is not null)
            AdmitWhenWritten(open, Sender);
        else
            QueueOpening(open);
    }

    private void QueueOpening(PoolProtocol.OpenPool open)
    {
        _opening = (open, Sender);
        if (_isRead && !_isStarting && !_isUnloading && !_isDeleting && Ledger.Spec is null)
            StartFromLedger();
    }

    /// <summary>The client numbers on from the last job: all that was taken before must be known by then.</summary>
    private void AdmitWhenWritten(PoolProtocol.OpenPool open, IActorRef client)
    {
        _journal.WhenWritten(() =>
        {
            // Who is not heard looks for the pool again.
            if (!_isUnloaded)
                AdmitOrQueue(open, client);
        });
        _journal.WriteNext();
    }

    private void AdmitOrQueue(PoolProtocol.OpenPool open, IActorRef client)
    {
        if (IsSettled && !Client.Equals(client))
        {
            DismissClient(open);
            DeletePool();
        }

        if (_isUnloading || _isDeleting)
            _opening = (open, client);
        else
            AdmitClient(open, client);
    }

    /// <summary>Whoever opens it last is its client.</summary>
    private void AdmitClient(PoolProtocol.OpenPool open, IActorRef client)
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
            DismissClient(open);
            ResetClient();
            (Client, _isEndAwaited) = (Context.Watch(client), false);
        }

        client.Tell(new PoolProtocol.PoolOpened(open.Pool, Ledger.LastJob, Ledger.IsClosed || _hasEnded));
        ReportReady();
    }

    /// <summary>Whose it was until another opens it.</summary>
    private void DismissClient(PoolProtocol.OpenPool open)
    {
        if (Client.IsNobody())
            return;
        Context.Unwatch(Client);
        Client.Tell(new PoolProtocol.PoolRefused(open.Pool, $"Another program has opened the durable pool '{open.Spec.Name}'."));
        OnClientLost();
    }

    private sealed record OpenTimedOut
    {
        public static readonly OpenTimedOut Instance = new();
    }
}
