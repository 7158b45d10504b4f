using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Pools;

/// <summary>
/// The connections of the client. After the loss of its coordinator a durable pool knows its accepted jobs: only the others are sent again,
/// and none is accepted twice. Any other pool is opened anew, and its client sends all unfinished jobs again.
/// </summary>
internal sealed partial class ClientPoolState
{
    /// <summary>
    /// The number of times that a pool may end while its coordinator continues. It is opened again each time, and may end again because of
    /// its jobs.
    /// </summary>
    private const int MaxEndsAlone = 3;

    private int _endsAlone;

    /// <summary>The pool is open.</summary>
    /// <returns>The at-most-once jobs that may have started at the lost coordinator. They end as lost.</returns>
    public IReadOnlyCollection<PendingJob> OnOpened(PoolProtocol.PoolOpened opened)
    {
        if (HasEnded)
        {
            EndOpenedPool();
            return [];
        }

        var isFirst = _phase == ClientPoolPhase.Opening;
        _phase = ClientPoolPhase.Open;
        _ending.OnOpened(opened.IsClosed ? PoolEndReasons.CreateClosedBefore(rules.Name) : null);
        _ids.OnOpened(opened);
        var unaccepted = ResetConnection();
        if (isFirst)
        {
            _ids.StartAfter(opened.LastJob);
            _queue.StartAfter(opened.LastJob);
            SendWaiting();
            ResendEndRequest();
            CloseWhenSent();
            return [];
        }

        if (rules.RetainsJobs)
            return ResubmitJobs();
        ResumeDurablePool(unaccepted, opened.LastJob);
        return [];
    }

    /// <summary>Decides how the loss of the pool is handled.</summary>
    /// <param name="isCurrent">Whether the current connection was lost.</param>
    /// <param name="withCoordinator">Whether the coordinator was lost too.</param>
    public PoolLossResponse OnLost(bool isCurrent, bool withCoordinator)
    {
        if (!rules.CanReopen || IsTerminated || _phase == ClientPoolPhase.Opening || (IsDetaching && !HasUnconfirmed))
            return PoolLossResponse.Fail;
        if (!isCurrent || HasEnded)
            return PoolLossResponse.Ignore;
        if (_phase == ClientPoolPhase.Disconnected)
            return PoolLossResponse.FailAttempt;
        if (rules.RetainsJobs && !withCoordinator && ++_endsAlone > MaxEndsAlone)
            return PoolLossResponse.Fail;
        _phase = ClientPoolPhase.Disconnected;
        _ending.OnReopening();
        // These uploads were not sent, although later jobs may have been.
        foreach (var job in _uploading)
            _queue.DelayJob(job);
        CancelTransfers();
        _cancels.OnDisconnected();
        return PoolLossResponse.Reopen;
    }

    /// <summary>Whether the pool was asked to confirm that this client leaves.</summary>
    private bool IsDetaching => _ending.Request == ClientPoolEnd.Detached && _phase == ClientPoolPhase.Open;

    /// <summary>Whether jobs may not be accepted, or acknowledgments not be written. Otherwise the client can leave silently.</summary>
    private bool HasUnconfirmed => !_unwrittenAcks.IsEmpty || _jobs.Values.Any(static job => !job.IsAccepted);

    /// <summary>The pool is opened at another coordinator.</summary>
    public void OnCoordinatorChanged() => _endsAlone = 0;

    /// <summary>Ends a pool that was opened while the session was terminated.</summary>
    private void EndOpenedPool()
    {
        if (IsTerminated)
            _effects.Enqueue(new ClientPoolEffect.SendMessage(new PoolProtocol.TerminatePool()));
    }

    /// <summary>Resets the numbers for a pool that does not know this connection.</summary>
    /// <returns>The submissions that the previous pool has not accepted, as far as this client knows.</returns>
    private ImmutableArray<Submission> ResetConnection()
    {
        _ends.Reset();
        _acceptance.ResetNumbers();
        _pace.Stop();
        return _queue.ResetNumbers();
    }

    private void ResumeDurablePool(ImmutableArray<Submission> unaccepted, JobId lastAccepted)
    {
        ResendOutcomeAcks();
        _keys.ClearAnswers();
        var lost = unaccepted.SkipWhile(sent => IsAccepted(sent, lastAccepted)).ToList();
        foreach (var accepted in unaccepted[..^lost.Count])
            MarkAccepted(accepted);
        ReattachJobs(lost, lastAccepted);
        // A job that has ended was accepted, although the answer was lost. Another pool of this name would run it again.
        List<ImmutableArray<JobSpec>> unended =
            [.. lost.Select(sent => sent.Jobs.RemoveAll(job => !_jobs.ContainsKey(job.Id.Value))).Where(static jobs => !jobs.IsEmpty)];
        foreach (var jobs in unended)
            SubmitJobs(jobs, wantsAck: true);
        CancelAll([.. _jobs.Values.Where(job => job.IsCanceled).Select(job => job.Id)]);
        if (unended.Count > 0)
            _acceptance.HoldNext();
        SendWaiting();
        ResendEndRequest();
        CloseWhenSent();
        if (HasOutstanding || _receipts.HasReceived)
            StartComparing();
    }

    /// <summary>Whether the pool has accepted a submission. It answers for jobs with keys itself.</summary>
    private static bool IsAccepted(Submission sent, JobId lastAccepted) =>
        !sent.HasKeys && (sent.Jobs.IsEmpty || sent.Jobs[^1].Id.Value <= lastAccepted.Value);

    /// <summary>
    /// Attaches again to the accepted jobs, as far as this session or the pool knows them. A pool that was deleted and created anew reports
    /// the others as unknown.
    /// </summary>
    private void ReattachJobs(List<Submission> lost, JobId lastAccepted)
    {
        var unaccepted = lost.SelectMany(sent => sent.Jobs).ToList();
        var unsent = unaccepted.Concat(_queue.Waiting).Select(job => job.Id).ToHashSet();
        var keyed = unaccepted.Where(job => job.Policy.Key is not null).Select(job => job.Id).ToHashSet();
        foreach (var job in _jobs.Values)
        {
            if ((job.Id.Value <= lastAccepted.Value && !keyed.Contains(job.Id)) || !unsent.Contains(job.Id))
                MarkAttached(job);
        }

        SendAttached();
    }

    private void ResendEndRequest()
    {
        if (!_ending.IsRequested)
            return;
        SendAll();
        SendWithdrawAll();
        if (_ending is { WasClosed: true, Request: ClientPoolEnd.Detached })
            Send(new PoolProtocol.ClosePool(_queue.LastNumber));
        SendEndRequest();
        StartComparing();
    }

    /// <summary>Submits all unfinished jobs again, in order, as if none had been sent.</summary>
    /// <returns>The jobs that must not be sent twice.</returns>
    private List<PendingJob> ResubmitJobs()
    {
        var jobs = _jobs.Values.OrderBy(job => job.Id.Value).ToList();
        var lost = jobs.Where(job => job.Spec is { Policy.IsAtMostOnce: true } && IsSent(job.Id)).ToList();
        foreach (var job in lost)
            _jobs.Remove(job.Id.Value);
        _queue.Restart();
        _cancels.Restart();
        foreach (var job in jobs.Except(lost))
            ResubmitJob(job, job.Spec!);
        SendWaiting();
        _ending.RepeatClosing();
        CloseWhenSent();
        if (IsTerminated)
            SendEndRequest();
        return lost;
    }

    private void ResubmitJob(PendingJob job, JobSpec spec)
    {
        if (job.IsCanceled || _cancels.WithdrawsAll)
            EndLocally([new JobOutcome(job.Id, JobStatus.Canceled, default, null, 0)]);
        else if (rules.NeedsUpload(spec.Arguments))
            StartUpload(spec, hasSlot: false);
        else
            _queue.AddJob(spec);
    }
}
