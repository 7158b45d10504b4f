using System.Collections.Immutable;
using Actors.Coordinator.Clients;
using Actors.Messages;
using Actors.Messages.Delivery;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>
/// The connection of one client to a pool. It accepts each submission once and in order, retains outcomes until the client acknowledges
/// them, and charges the memory of both to the client. Not thread-safe.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="usage">The usage of the client. Null for a client without limits.</param>
/// <param name="opened">The charge of the open pool itself. Null for a client without limits.</param>
public sealed class ClientLink(IRecipient client, ClientUsage? usage, OpenPoolCharge? opened)
{
    /// <summary>The bytes of an outcome without a result, with its id.</summary>
    private const int OutcomeSize = 96;

    private readonly UnacknowledgedMessages<PoolProtocol.JobsEnded> _unacknowledged = new();
    private readonly ClientCharge _pending = new(usage, ClientResource.JobMemory);
    private readonly ClientCharge _results = new(usage, ClientResource.JobMemory);
    private readonly ClientCharge _reserved = new(usage, ClientResource.JobMemory);
    private PoolProtocol.PoolFinished? _finished;
    private long _lastSubmission;
    private long _lastWithdrawal;
    private bool _wasCompared;
    private bool _comparisonWaits;

    /// <summary>
    /// Whether the client numbers its submissions and acknowledges outcomes. Otherwise each outcome is sent once: a client in another
    /// process would have no limit.
    /// </summary>
    private bool _acknowledges = !client.IsLocal;

    /// <summary>The order in which a submission arrived.</summary>
    public enum SubmissionOrder
    {
        /// <summary>It is the next one.</summary>
        Next,

        /// <summary>It was received before.</summary>
        Repeated,

        /// <summary>An earlier one is missing. The client sends it and all later ones again.</summary>
        TooEarly,
    }

    /// <summary>The answer to a client that submits jobs.</summary>
    public enum Admission
    {
        /// <summary>The jobs are within the limit.</summary>
        Accepted,

        /// <summary>The client has too many jobs that have not ended.</summary>
        Refused,

        /// <summary>The client submits jobs and does not receive the results.</summary>
        Ended,
    }

    /// <summary>The client.</summary>
    public IRecipient Client => client;

    /// <summary>The progress of jobs.</summary>
    public ClientProgress Progress { get; } = new(client);

    /// <summary>The number of the client's last accepted submission.</summary>
    public long LastAccepted { get; set; }

    /// <summary>Whether the client is disconnected.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Whether the client was told that its jobs have ended.</summary>
    public bool HasFinished => _finished is not null;

    /// <summary>Whether the client has acknowledged all outcomes, or is disconnected.</summary>
    public bool IsAllAcknowledged => IsLost || _unacknowledged.All.Count == 0;

    /// <summary>The number of the last message about ended jobs; 0 for none, or when the client does not acknowledge them.</summary>
    public long LastEnded => _acknowledges ? _unacknowledged.Last : 0;

    /// <summary>The number of the last message about ended jobs that the client has received.</summary>
    public long LastReceived => _unacknowledged.Acknowledged;

    /// <summary>Whether the client has limits.</summary>
    public bool IsLimited => usage is not null;

    /// <summary>
    /// Whether no further jobs should run, because the client does not acknowledge results. This is so at half of the limit: the other half
    /// is for the jobs that are already in executors. While all clients together use too much, it is so for each client with results.
    /// </summary>
    public bool NeedsPause => _results.Amount > _results.Limit / 2 || (_results.Amount > 0 && _results.IsTotalExceeded);

    /// <summary>Whether the client requests more outcomes, and does not receive the earlier ones.</summary>
    public bool IsOverLimit => IsLimited && _results.Amount >= _results.Limit;

    /// <summary>The reason why jobs of the client are refused.</summary>
    public string FormatJobRefusal() => _pending.FormatRefusal();

    /// <summary>The reason why the client is disconnected.</summary>
    public string FormatResultRefusal() => _results.FormatRefusal();

    /// <summary>Whether the client's submissions have arrived, up to a number.</summary>
    public bool HasReceived(long submitted) => submitted <= _lastSubmission;

    /// <summary>Receives a submission. One of another process without a number is ignored.</summary>
    public SubmissionOrder ReceiveSubmission(long number)
    {
        if (number == 0 && client.IsLocal)
            return SubmissionOrder.Next;
        if (number <= _lastSubmission)
            return SubmissionOrder.Repeated;
        if (number > _lastSubmission + 1)
            return SubmissionOrder.TooEarly;
        (_lastSubmission, _acknowledges) = (number, true);
        return SubmissionOrder.Next;
    }

    /// <summary>Receives a request to withdraw jobs.</summary>
    /// <returns>Whether it is new. A repetition may arrive after the client has learned that the jobs continue.</returns>
    public bool ReceiveWithdrawal(long number)
    {
        if (number != 0 && number <= _lastWithdrawal)
            return false;
        _lastWithdrawal = Math.Max(_lastWithdrawal, number);
        return true;
    }

    /// <summary>Charges submitted jobs to the client.</summary>
    /// <param name="bytes">The memory of the jobs.</param>
    public Admission AdmitJobs(long bytes) =>
        _pending.TryGrow(bytes) ? Admission.Accepted : _results.Amount < _results.Limit ? Admission.Refused : Admission.Ended;

    /// <summary>Charges the jobs of the client that have not ended.</summary>
    public void ChargePending(long bytes) => _pending.SetAmount(bytes);

    /// <summary>Charges outcomes without a result that are sent later.</summary>
    /// <param name="outcomes">The number of outcomes.</param>
    /// <returns>False if the client would exceed its limit.</returns>
    public bool TryReserve(int outcomes) => _reserved.TryGrow(outcomes * (long)OutcomeSize);

    /// <summary>Ends the charge of outcomes that are sent now.</summary>
    public void EndReservation(int outcomes) => _reserved.SetAmount(_reserved.Amount - (outcomes * (long)OutcomeSize));

    /// <summary>Retains outcomes from now on until the client acknowledges them.</summary>
    public void RetainOutcomes() => _acknowledges = true;

    /// <summary>Sends outcomes to the client.</summary>
    public void SendEnded(ImmutableArray<JobOutcome> outcomes)
    {
        Progress.SendLast(outcomes);
        foreach (var batch in client.IsLocal ? [outcomes] : WireLimits.SplitIntoBatches(outcomes, WireLimits.SizeOf))
            SendBatch(batch);
    }

    private void SendBatch(ImmutableArray<JobOutcome> outcomes)
    {
        if (!_acknowledges)
        {
            client.Send(new PoolProtocol.JobsEnded(outcomes));
            return;
        }

        var ended = new PoolProtocol.JobsEnded(outcomes, _unacknowledged.Last + 1, _lastSubmission);
        _unacknowledged.Add(ended);
        if (IsLimited)
            _results.SetAmount(_results.Amount + MeasureOutcomes(outcomes));
        client.Send(ended);
    }

    /// <summary>Tells the client that its jobs have ended.</summary>
    public void SendFinished(long dropped)
    {
        _finished = new PoolProtocol.PoolFinished(dropped, _unacknowledged.Last);
        client.Send(_finished);
    }

    /// <summary>The client has received the outcomes up to a number.</summary>
    /// <returns>Whether they were unacknowledged before.</returns>
    public bool AcknowledgeOutcomes(long number)
    {
        if (number <= _unacknowledged.Acknowledged)
            return false;
        if (IsLimited)
        {
            var acknowledged = _unacknowledged.All.Take((int)Math.Min(number - _unacknowledged.Acknowledged, _unacknowledged.All.Count));
            _results.SetAmount(_results.Amount - acknowledged.Sum(message => MeasureOutcomes(message.Outcomes)));
        }

        _unacknowledged.Acknowledge(number);
        return true;
    }

    /// <summary>
    /// Whether a comparison is answered now. Each answer repeats all unacknowledged outcomes. So one soon after another waits until
    /// <see cref="TakeWaitingComparison"/>.
    /// </summary>
    public bool TryStartComparison()
    {
        _comparisonWaits = _wasCompared;
        _wasCompared = true;
        return !_comparisonWaits;
    }

    /// <summary>Whether comparisons have waited and are answered now. Called twice a second.</summary>
    public bool TakeWaitingComparison()
    {
        _wasCompared = _comparisonWaits && !IsLost;
        _comparisonWaits = false;
        return _wasCompared;
    }

    /// <summary>Sends the unacknowledged outcomes again.</summary>
    public void ResendOutcomes()
    {
        _acknowledges = true;
        Progress.ResendMarker();
        foreach (var ended in _unacknowledged.All)
            client.Send(ended);
    }

    /// <summary>Answers a comparison, after the outcomes were sent again.</summary>
    public void AnswerComparison(PoolProtocol.PoolEnding ending)
    {
        client.Send(new PoolProtocol.ComparePoolReply(_lastSubmission, LastAccepted, ending));
        if (_finished is not null)
            client.Send(_finished);
    }

    /// <summary>Discards the messages of a client that is disconnected, and ends its charges.</summary>
    public void Disconnect()
    {
        (IsLost, _acknowledges, _finished) = (true, false, null);
        _unacknowledged.Clear();
        EndCharges();
    }

    /// <summary>Ends the charges of the client.</summary>
    public void EndCharges()
    {
        opened?.Dispose();
        _pending.Dispose();
        _results.Dispose();
        _reserved.Dispose();
    }

    private static long MeasureOutcomes(ImmutableArray<JobOutcome> outcomes) => outcomes.Sum(outcome => (long)WireLimits.SizeOf(outcome));
}
