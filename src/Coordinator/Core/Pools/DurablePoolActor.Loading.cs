using Actors.Coordinator.Clients;
using Actors.Coordinator.Journals;
using Actors.Messages;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>Reads the pool from its journal and opens it for clients.</summary>
internal sealed partial class DurablePoolActor
{
    /// <summary>The number of jobs read between two log events about progress.</summary>
    private const int ProgressEvery = 100_000;

    /// <summary>How long a new pool waits to be opened before it unloads.</summary>
    internal static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(10);

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
        PublishEvent($"loading: {_reported:N0} jobs so far");
    }

    private string Name => (Ledger.Spec ?? _opening?.Message.Spec)?.Name ?? "";

    private void PublishEvent(string text) => Context.System.EventStream.Publish(new LogEvent($"durable pool '{Name}': {text}"));

    /// <summary>
    /// Starts the pool from its journal. It writes a record first: a coordinator that owned the journal before, and may not know that it
    /// lost it, can write nothing more.
    /// </summary>
    private void StartFromLedger()
    {
        (_isRead, _isUnloading, _hasEnded) = (true, false, false);
        if (Ledger.Spec is null && _opening is null)
        {
            Timers.StartSingleTimer(nameof(OpenWaitEnded), OpenWaitEnded.Instance, OpenTimeout);
            return;
        }

        _isStarting = true;
        _lastJournaled = Ledger.LastJob;
        _keys = Ledger.Keys.CreateCopy();
        _journal.NextBatch.AddFence();
        if (_opening is { } opening && (Ledger.Spec is null || Ledger.PendingCount == 0))
            _journal.NextBatch.AddOpened(opening.Message.Spec);
        _journal.WhenWritten(StartWrittenPool);
        _journal.WriteNext();
    }

    private void StartWrittenPool()
    {
        _isStarting = false;
        // A new id for each start, so that executors of an earlier start are not taken for those of this one.
        StartPool(PoolId.New(), Ledger.Spec!);
        PublishEvent($"runs here; {Ledger.PendingCount:N0} jobs pending, {Ledger.RetainedCount:N0} results retained");
        foreach (var (job, losses, mayHaveBegun) in Ledger.Pending)
            State.RestoreJob(job, losses, mayHaveBegun, Now);
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

    /// <summary>Unloads a pool that was looked up, did not exist, and was not created.</summary>
    private void UnloadIfEmpty()
    {
        if (Ledger.Spec is null && _opening is null)
            UnloadPool();
    }

    private void OpenPool(PoolProtocol.OpenPool open)
    {
        // A client without an answer looks the pool up again.
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

    /// <summary>Admits the client once all accepted jobs are written: the client numbers its next jobs from the last one.</summary>
    private void AdmitWhenWritten(PoolProtocol.OpenPool open, IActorRef client)
    {
        _journal.WhenWritten(() =>
        {
            // A client without an answer looks the pool up again.
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

    /// <summary>Makes the client that opened the pool last its only client.</summary>
    private void AdmitClient(PoolProtocol.OpenPool open, IActorRef client)
    {
        if (open.Spec.Bundle != Ledger.Spec!.Bundle)
        {
            client.Tell(new PoolProtocol.PoolRefused(
                open.Pool,
                $"Cannot open the durable pool '{open.Spec.Name}': {Ledger.PendingCount} jobs of another build of the program are pending. "
                + "Run that build until they have ended, or terminate the pool with it."));
            return;
        }

        // A client may open the pool twice because an answer was slow, and close it between the two.
        if (!Client.Equals(client) && !TryReplaceClient(open, client))
            return;

        client.Tell(new PoolProtocol.PoolOpened(open.Pool, Ledger.LastJob, Ledger.IsClosed || _hasEnded));
        ReportReady();
    }

    private bool TryReplaceClient(PoolProtocol.OpenPool open, IActorRef client)
    {
        var opened = ClientUsages.CreateCharge(Context.System, client, ClientResource.Pools);
        if (!opened.TryGrow(1))
        {
            client.Tell(new PoolProtocol.PoolRefused(open.Pool, opened.FormatRefusal(), IsOverLimit: true));
            return false;
        }

        DismissClient(open);
        ResetClient();
        (Client, _isEndAwaited) = (Context.Watch(client), false);
        ChargeClient(opened);
        return true;
    }

    /// <summary>Disconnects the previous client, because another one has opened the pool.</summary>
    private void DismissClient(PoolProtocol.OpenPool open)
    {
        if (Client.IsNobody())
            return;
        Context.Unwatch(Client);
        Client.Tell(
            new PoolProtocol.PoolRefused(
                open.Pool, $"Another program has opened the durable pool '{open.Spec.Name}'. Only one program may use it at a time."));
        OnClientLost();
    }

    private sealed record OpenWaitEnded
    {
        public static readonly OpenWaitEnded Instance = new();
    }
}
