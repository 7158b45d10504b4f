using System.Collections.Immutable;
using Actors.Coordinator.Clients;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Limits the memory of this coordinator that the jobs of a client in another process take. Jobs above the limit are refused. While the
/// client does not acknowledge results, no further jobs run. A client that submits more jobs even then loses the pool.
/// </summary>
internal partial class PoolActor
{
    private ClientCharge _pending = new(null, ClientResource.JobMemory);
    private ClientCharge _results = new(null, ClientResource.JobMemory);
    private ClientCharge? _opened;

    /// <summary>Whether a job was accepted before. Only durable pools receive jobs twice.</summary>
    protected virtual bool IsKnownJob(JobId job) => false;

    /// <summary>Charges the pool to a client.</summary>
    /// <param name="opened">The charge of the open pool itself. Null for a client without limits.</param>
    protected void ChargeClient(ClientCharge? opened)
    {
        if (!ReferenceEquals(opened, _opened))
            _opened?.Dispose();
        _opened = opened;
        _pending.Dispose();
        _results.Dispose();
        var usage = ClientUsages.FindUsage(Context.System, Client);
        _pending = new ClientCharge(usage, ClientResource.JobMemory);
        _results = new ClientCharge(usage, ClientResource.JobMemory);
    }

    /// <summary>Ends the charges of a pool that stops.</summary>
    private void EndCharges()
    {
        _opened?.Dispose();
        _pending.Dispose();
        _results.Dispose();
    }

    private void SubmitWithinLimit(PoolProtocol.SubmitJobs submit)
    {
        if (!_pending.IsLimited || _pending.TryGrow(submit.Jobs.Where(job => !IsKnownJob(job.Id)).Sum(PoolState.MeasureJob)))
            SubmitJobs(submit);
        else if (_results.Amount < _results.Limit)
            RefuseJobs(submit);
        else
            EndOverLimit();
    }

    private void RefuseJobs(PoolProtocol.SubmitJobs submit)
    {
        var failure = FailureConverter.ToFailure(new ClientLimitException(_pending.FormatRefusal()));
        SendEnded([.. submit.Jobs.Where(job => !IsKnownJob(job.Id))
            .Select(job => new JobOutcome(job.Id, JobStatus.Refused, default, failure, 0))]);
        SubmitJobs(submit with { Jobs = [.. submit.Jobs.Where(job => IsKnownJob(job.Id))] });
    }

    /// <summary>Ends a pool whose client submits jobs and does not receive the results.</summary>
    private void EndOverLimit()
    {
        Client.Tell(new PoolProtocol.PoolRefused(_id, _results.FormatRefusal(), IsOverLimit: true));
        OnClientLost();
    }

    private void ChargePending()
    {
        if (_pending.IsLimited)
            _pending.SetAmount(State.PendingBytes + UnwrittenBytes);
    }

    /// <summary>The bytes of accepted jobs that the state does not know yet.</summary>
    protected virtual long UnwrittenBytes => 0;

    private void ChargeResults(ImmutableArray<JobOutcome> outcomes)
    {
        if (!_results.IsLimited)
            return;
        _results.SetAmount(_results.Amount + MeasureOutcomes(outcomes));
        UpdatePause();
    }

    private void RemoveAcknowledged(long number)
    {
        if (_results.IsLimited)
        {
            var acknowledged = _unacknowledged.All.Take((int)Math.Min(number - _unacknowledged.Acknowledged, _unacknowledged.All.Count));
            _results.SetAmount(_results.Amount - acknowledged.Sum(message => MeasureOutcomes(message.Outcomes)));
        }

        _unacknowledged.Acknowledge(number);
        UpdatePause();
    }

    /// <summary>Pauses at half of the limit: the other half is for the jobs that are already in executors.</summary>
    private void UpdatePause()
    {
        if (State is null || State.IsPaused == _results.Amount > _results.Limit / 2)
            return;
        // Not within the current update, which applies its effects in order.
        Self.Tell(PauseChanged.Instance);
    }

    private void ApplyPause() => UpdateState(() => State.SetPaused(_results.Amount > _results.Limit / 2, Now));

    private static long MeasureOutcomes(ImmutableArray<JobOutcome> outcomes) => outcomes.Sum(outcome => (long)WireLimits.SizeOf(outcome));

    private sealed record PauseChanged
    {
        public static readonly PauseChanged Instance = new();
    }
}
