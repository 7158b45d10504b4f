using System.Collections.Concurrent;
using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>
/// Acknowledges the outcomes of a durable pool after the awaiting code has received them. Acknowledgements are collected: one message
/// carries those of a second, or of thousands of outcomes.
/// </summary>
internal sealed partial class PoolSession
{
    private const int MaxAcksInMessage = 100_000;

    private readonly UnwrittenAcks _unwrittenAcks = new();
    private readonly OutcomeReceipts _receipts = new();

    /// <summary>
    /// Jobs whose outcome code has received, in a queue, so that this code does not wait for a lock that the arrival of outcomes needs.
    /// </summary>
    private readonly ConcurrentQueue<JobId> _received = new();

    private int _receivedCount;

    private bool IsAcknowledgedExplicitly => _options.Acknowledgement == ResultAcknowledgement.Explicit;

    /// <summary>Prepares a job whose outcome is retained until its code has received it.</summary>
    private void TrackReceipt(PendingJob job)
    {
        if (!_spec.IsDurable || !job.CanHaveKey || _options.Acknowledgement == ResultAcknowledgement.None)
            return;
        (job.Received, job.IsAcknowledgedExplicitly) = (OnReceived, IsAcknowledgedExplicitly);
        if (job.HasCallback)
            job.MarkRequested();
    }

    /// <summary>Ends jobs whose outcomes the pool retains.</summary>
    private void EndRetained(ImmutableArray<JobOutcome> outcomes)
    {
        var arrived = new ArrivedOutcome[outcomes.Length];
        for (var i = 0; i < arrived.Length; i++)
            arrived[i] = TakeJob(outcomes[i]);
        RecordOutcomes(arrived);
        foreach (var ended in arrived)
            EndHandles(ended);
    }

    /// <summary>
    /// Records outcomes before they are visible, so that the receipt of each finds its record. An unawaited outcome belongs to a job of
    /// another program, which may still attach to it, unless this program has ended the pool.
    /// </summary>
    private void RecordOutcomes(ReadOnlySpan<ArrivedOutcome> arrived)
    {
        lock (_submitting)
        {
            foreach (var (outcome, job) in arrived)
            {
                if (outcome.Status == JobStatus.Unknown || (job is null && (_endReason is null || _isDetached)))
                    continue;
                if (job is null || IsReceivedAtEnd(job))
                    _receipts.AddReceived(outcome.Id);
                else
                    _receipts.AddUnreceived(outcome.Id);
            }

            if (_receipts.IsFull)
                SendDueAcks();
            if (_receipts.HasReceived && !_hasEnded)
                StartWatching();
        }
    }

    private static bool IsReceivedAtEnd(PendingJob job)
    {
        for (var handle = job; handle is not null; handle = handle.Next)
        {
            if (handle.Received is null || handle.IsRequested)
                return true;
        }

        return false;
    }

    private void OnReceived(PendingJob job)
    {
        _received.Enqueue(job.Id);
        var isFull = Interlocked.Increment(ref _receivedCount) % OutcomeReceipts.MaxRecent == 0;
        if (!isFull && Volatile.Read(ref _isWatched))
            return;
        lock (_submitting)
        {
            if (_hasEnded || _isDetached)
                return;
            if (isFull)
                SendDueAcks();
            StartWatching();
        }
    }

    /// <summary>Acknowledges the outcomes that were received some time ago.</summary>
    internal void SendDueAcks()
    {
        lock (_submitting)
        {
            // While disconnected they wait. The lost pool may not have written the acknowledgements that it has received.
            if (!_isReconnecting)
                AcknowledgeOutcomes(TakeAcks(_receipts.TakeDue));
        }
    }

    /// <summary>Acknowledges all received outcomes before the last request. Call it under the lock.</summary>
    private void SendReceivedAcks() => AcknowledgeOutcomes(TakeAcks(_receipts.TakeReceived));

    /// <summary>
    /// Acknowledges the outcomes of a pool that this program has ended: handles keep those that their code has not received. An explicit
    /// acknowledgement is not replaced.
    /// </summary>
    private void SendLastAcks()
    {
        lock (_submitting)
        {
            if (_spec.IsDurable && !_isDetached && !_isReconnecting)
                AcknowledgeOutcomes(TakeAcks(IsAcknowledgedExplicitly ? _receipts.TakeReceived : _receipts.TakeAll));
        }
    }

    private ImmutableArray<JobId> TakeAcks(Func<ImmutableArray<JobId>> take)
    {
        while (_received.TryDequeue(out var job))
            _receipts.MarkReceived(job);
        return take();
    }

    private bool HasReceivedOutcomes => _receipts.HasReceived || !_received.IsEmpty;

    private void AcknowledgeOutcomes(ImmutableArray<JobId> jobs)
    {
        if (jobs.IsEmpty)
            return;
        _unwrittenAcks.AddJobs(jobs);
        TellAcks(jobs);
    }

    private void ResendOutcomeAcks()
    {
        _unwrittenAcks.OnLost();
        TellAcks(_unwrittenAcks.Jobs);
        if (_lastRequest is not null)
            SendReceivedAcks();
    }

    private void TellAcks(ImmutableArray<JobId> jobs)
    {
        foreach (var part in jobs.Chunk(MaxAcksInMessage))
            _pool.Tell(new PoolProtocol.ForgetOutcomes([.. part]), _self);
    }

    /// <summary>An outcome, and the first handle of its job in this program; null for none.</summary>
    private readonly record struct ArrivedOutcome(JobOutcome Outcome, PendingJob? Job);
}
