using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>
/// Acknowledges the outcomes of a durable pool after the awaiting code has received them. Acknowledgments are collected: one message
/// carries those of a second. Their number does not matter: thousands of outcomes can arrive before the code of the first one runs.
/// </summary>
internal sealed partial class ClientPoolState
{
    private const int MaxAcksInMessage = 100_000;

    private readonly UnwrittenAcks _unwrittenAcks = new();
    private readonly OutcomeReceipts _receipts = new();

    /// <summary>Records that code has received the outcome of a job.</summary>
    public void MarkReceived(JobId job) => _receipts.MarkReceived(job);

    /// <summary>
    /// Acknowledges the outcomes that were received some time ago. While disconnected they wait: the lost pool may not have written the
    /// acknowledgments that it has received.
    /// </summary>
    public void SendDueAcks()
    {
        if (_phase == ClientPoolPhase.Open)
            AcknowledgeOutcomes(_receipts.TakeDue());
    }

    /// <summary>
    /// Records an outcome before it is visible, so that its receipt finds the record. An outcome without a job has arrived before. Code
    /// that terminates the pool knows the outcome of the jobs that this ends.
    /// </summary>
    private void RecordReceipt(JobOutcome outcome, PendingJob? job)
    {
        if (!outcome.HasEnded || job is null)
            return;
        if (IsReceivedAtEnd(job) || (outcome.Status == JobStatus.PoolTerminated && !rules.IsAcknowledgedExplicitly))
            _receipts.AddReceived(outcome.Id);
        else
            _receipts.AddUnreceived(outcome.Id);
        if (_receipts.HasReceived)
            StartComparing();
    }

    private static bool IsReceivedAtEnd(PendingJob job)
    {
        for (var handle = job; handle is not null; handle = handle.Next)
        {
            if (!handle.IsReceiptTracked || handle.IsRequested)
                return true;
        }

        return false;
    }

    /// <summary>Acknowledges all received outcomes before the last request.</summary>
    private void SendReceivedAcks() => AcknowledgeOutcomes(_receipts.TakeReceived());

    private void AcknowledgeOutcomes(ImmutableArray<JobId> jobs)
    {
        if (jobs.IsEmpty)
            return;
        _unwrittenAcks.AddJobs(jobs);
        SendAcks(jobs);
    }

    private void ResendOutcomeAcks()
    {
        _unwrittenAcks.OnLost();
        SendAcks(_unwrittenAcks.Jobs);
        if (_ending.Request == ClientPoolEnd.Detached)
            SendReceivedAcks();
    }

    private void SendAcks(ImmutableArray<JobId> jobs)
    {
        foreach (var part in jobs.Chunk(MaxAcksInMessage))
            Send(new PoolProtocol.ForgetOutcomes([.. part]));
    }
}
