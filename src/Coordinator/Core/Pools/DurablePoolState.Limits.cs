using Actors.Coordinator.Journals;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Limits the memory of this coordinator: that of the jobs and results of each connected client, as <see cref="PoolActor"/> does, and that
/// of all jobs and results that the pool keeps, also without a client.
/// </summary>
public sealed partial class DurablePoolState
{
    private readonly DurableCharge _kept;
    private long _unwrittenBytes;
    private bool _isPaused;
    private bool _isPauseLogged;

    private void SubmitWithinLimit(SessionLink link, PoolProtocol.SubmitJobs submit)
    {
        var bytes = link.Link.IsLimited || _kept.IsLimited ? SelectNew(link, submit).Sum(PoolState.MeasureJob) : 0;
        switch (link.Link.IsLimited ? link.Link.AdmitJobs(bytes) : ClientLink.Admission.Accepted)
        {
            case ClientLink.Admission.Accepted when RefusesJobs(link): RefuseJobs(link, submit, jobs => CreateRefusals(link, jobs)); break;
            case ClientLink.Admission.Accepted when _kept.FindRefusal($"The durable pool '{Name}'", bytes) is { } full:
                ChargePending(link);
                RefuseJobs(link, submit, full);
                break;
            case ClientLink.Admission.Accepted: SubmitJobs(link, submit, bytes); break;
            case ClientLink.Admission.Refused: RefuseJobs(link, submit, link.Link.FormatJobRefusal()); break;
            case ClientLink.Admission.Ended: RefuseResults(link); break;
        }
    }

    /// <summary>Disconnects a client that requests outcomes and does not receive them.</summary>
    private void RefuseResults(SessionLink link)
    {
        link.Link.Client.Send(new PoolProtocol.PoolRefused(_id, link.Link.FormatResultRefusal(), IsOverLimit: true));
        Disconnect(link);
    }

    private void RefuseJobs(SessionLink link, PoolProtocol.SubmitJobs submit, string reason) =>
        RefuseJobs(link, submit, jobs => PoolFailures.RefuseJobs(jobs, new ClientLimitException(reason)));

    /// <summary>Counts accepted jobs until they are written. The ledger counts them then.</summary>
    private void AddUnwritten(SessionLink link, long bytes)
    {
        _kept.Add(bytes);
        _unwrittenBytes += bytes;
        link.UnwrittenBytes += bytes;
        _journal.WhenWritten(() =>
        {
            _unwrittenBytes -= bytes;
            link.UnwrittenBytes -= bytes;
            ChargePending(link);
        });
    }

    private void ChargePending(SessionLink link)
    {
        if (link.Link is { IsLimited: true, IsLost: false })
            link.Link.ChargePending(link.UnwrittenBytes + (Ledger.Sessions.FindSession(link.Range)?.PendingBytes ?? 0));
    }

    private void UpdateKept() => _kept.SetContent(Ledger.Memory + _unwrittenBytes, Ledger.ResultMemory);

    /// <summary>Starts no further jobs while a client does not acknowledge its results, or too many results are retained.</summary>
    private void UpdatePause()
    {
        var isPaused = _kept.NeedsPause || _links.Values.Any(link => link.Link.NeedsPause);
        if (isPaused == _isPaused)
            return;
        _isPaused = isPaused;
        if (_kept.NeedsPause || _isPauseLogged)
            LogPause(_kept.NeedsPause);
        TellBuilds(new BuildActor.PauseJobs(isPaused));
    }

    /// <summary>Logs the pause of a pool that retains too much. A pause for one client is not logged.</summary>
    private void LogPause(bool begins)
    {
        _isPauseLogged = begins;
        _host.PublishEvent(
            begins ? new DurablePoolEvent.Paused(Name, Ledger.ResultMemory) : new DurablePoolEvent.Resumed(Name, Ledger.ResultMemory));
    }

    private void EndCharges()
    {
        _kept.Dispose();
        foreach (var link in _links.Values)
            link.Link.EndCharges();
        _opening.EndCharges();
    }
}
