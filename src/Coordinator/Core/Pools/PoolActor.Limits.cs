using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Limits the memory of this coordinator that the jobs of a client in another process take. Jobs above the limit are refused. While the
/// client does not acknowledge results, no further jobs run. A client that submits more jobs even then loses the pool.
/// </summary>
public partial class PoolActor
{
    private void SubmitWithinLimit(PoolProtocol.SubmitJobs submit)
    {
        switch (_link.IsLimited ? _link.AdmitJobs(submit.Jobs.Sum(PoolState.MeasureJob)) : ClientLink.Admission.Accepted)
        {
            case ClientLink.Admission.Accepted: SubmitJobs(submit); break;
            case ClientLink.Admission.Refused: RefuseJobs(submit); break;
            case ClientLink.Admission.Ended: EndOverLimit(); break;
        }
    }

    private void RefuseJobs(PoolProtocol.SubmitJobs submit)
    {
        SendEnded(PoolFailures.RefuseJobs(submit.Jobs, new ClientLimitException(_link.FormatJobRefusal())));
        SubmitJobs(submit with { Jobs = [] });
    }

    /// <summary>Ends a pool whose client submits jobs and does not receive the results.</summary>
    private void EndOverLimit()
    {
        Client.Tell(new PoolProtocol.PoolRefused(Id, _link.FormatResultRefusal(), IsOverLimit: true));
        OnClientLost();
    }

    private void ChargePending()
    {
        if (_link is { IsLimited: true, IsLost: false })
            _link.ChargePending(State.PendingBytes);
    }

    /// <summary>Whether no further jobs should run for now.</summary>
    protected virtual bool NeedsPause => _link.NeedsPause;

    protected void UpdatePause()
    {
        // Not within the current update, which applies its effects in order.
        if (State.IsPaused != NeedsPause)
            Self.Tell(PauseChanged.Instance);
    }

    private void ApplyPause() => UpdateState(() => State.SetPaused(NeedsPause, Now));

    private sealed record PauseChanged
    {
        public static readonly PauseChanged Instance = new();
    }
}
