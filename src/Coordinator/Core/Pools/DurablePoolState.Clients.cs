using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>Handles the requests of clients.</summary>
public sealed partial class DurablePoolState
{
    private static readonly Dictionary<JobId, JobOutcome> NoOutcomes = [];

    private readonly Dictionary<IRecipient, SessionLink> _links = [];

    /// <summary>The connected sessions.</summary>
    public IEnumerable<SessionLink> Links => _links.Values;

    /// <summary>A client has received progress reports.</summary>
    /// <param name="client">The client.</param>
    /// <param name="marker">The marker behind them.</param>
    public void OnProgressReceived(IRecipient client, object? marker)
    {
        if (_links.TryGetValue(client, out var link))
            link.Link.Progress.OnReceived(marker);
    }

    private void ReceiveFromSession(SessionLink link, object message)
    {
        switch (message)
        {
            case PoolProtocol.SubmitJobs submit: ReceiveSubmission(link, submit); break;
            case PoolProtocol.AcknowledgeJobsEnded acknowledge: AcknowledgeMessages(link, acknowledge.Number); break;
            case PoolProtocol.ComparePool compare: AnswerComparison(link, compare); break;
            case PoolProtocol.AttachToJobs attach: AttachJobs(link, attach.Jobs); break;
            case PoolProtocol.ForgetOutcomes forget: AcknowledgeOutcomes(link, forget.Jobs); break;
            // The builds know jobs after their submission is written.
            case PoolProtocol.CancelJobs cancel: WhenWritten(() => CancelJobs(cancel.Jobs)); break;
            case PoolProtocol.WithdrawJobs withdraw when link.Link.ReceiveWithdrawal(withdraw.Number):
                WhenWritten(() => WithdrawJobs(withdraw.Jobs));
                break;
            case PoolProtocol.WithdrawAllJobs: WhenWritten(() => WithdrawJobs(GetPending(link))); break;
            // A lost submission is sent again, and these requests after it.
            case PoolProtocol.ClosePool close when link.Link.HasReceived(close.Submitted): CloseSession(link); break;
            case PoolProtocol.TerminatePool: TerminateSession(link); break;
            case PoolProtocol.QueryJob query: QueryJob(link, query); break;
            case PoolProtocol.KillWorker or PoolProtocol.TerminateWorker or PoolProtocol.RequestMapProgress: TellBuilds(message); break;
            case PoolProtocol.WorkerOutputWritten written: _outputs.Acknowledge(written); break;
        }
    }

    private void ReceiveSubmission(SessionLink link, PoolProtocol.SubmitJobs submit)
    {
        AcknowledgeMessages(link, submit.Acknowledged);
        if (submit.Jobs.Any(job => SessionRange.GetRange(job.Id) != link.Range))
        {
            link.Link.Client.Send(new PoolProtocol.PoolRefused(_id, "The program has submitted a job with the id of another session."));
            Disconnect(link);
            return;
        }

        switch (link.Link.ReceiveSubmission(submit.Number))
        {
            case ClientLink.SubmissionOrder.Next: SubmitWithinLimit(link, submit); break;
            // The answer was lost, and the client needs to know which of the jobs existed before.
            case ClientLink.SubmissionOrder.Repeated when HasKeys(submit):
                AnswerWhenWritten(link, submit, _keys.FindJobs(submit.Jobs, link.LastJournaled));
                break;
        }
    }

    private static bool HasKeys(PoolProtocol.SubmitJobs submit) => submit.Jobs.Any(static job => job.Policy.Key is not null);

    private static IEnumerable<JobSpec> SelectNew(SessionLink link, PoolProtocol.SubmitJobs submit) =>
        submit.Jobs.Where(job => job.Id.Value > link.LastJournaled.Value);

    /// <summary>Whether the pool accepts no jobs of a session.</summary>
    private bool RefusesJobs(SessionLink link) => !_lifecycle.AcceptsJobs || link.Failure is not null;

    private ImmutableArray<JobOutcome> CreateRefusals(SessionLink link, IEnumerable<JobSpec> jobs) => link.Failure is { } failure
        ? PoolFailures.FailJobs(jobs, failure)
        : PoolFailures.RefuseJobs(
            jobs, new InvalidOperationException($"The durable pool '{Name}' was closed and accepts no more jobs."));

    /// <summary>
    /// Refuses the new jobs of a submission, except those whose key belongs to an existing job. The client is told, and nothing is written.
    /// </summary>
    private void RefuseJobs(
        SessionLink link, PoolProtocol.SubmitJobs submit, Func<IEnumerable<JobSpec>, ImmutableArray<JobOutcome>> createRefusals)
    {
        var existing = HasKeys(submit) ? _keys.FindJobs(submit.Jobs, link.LastJournaled) : [];
        var known = existing.Select(job => job.Submitted).ToHashSet();
        var refusals = createRefusals(SelectNew(link, submit).Where(job => !known.Contains(job.Id)));
        if (!refusals.IsEmpty)
            link.Link.SendEnded(refusals);
        NoteJournaled(link, submit);
        AnswerWhenWritten(link, submit, existing, refusals.IsEmpty ? 0 : link.Link.LastEnded);
    }

    private void SubmitJobs(SessionLink link, PoolProtocol.SubmitJobs submit, long bytes)
    {
        // After a lost connection the client sends again all jobs that were not confirmed.
        var (unknown, existing) = _keys.AddJobs(submit.Jobs, link.LastJournaled);
        foreach (var jobs in unknown.IsEmpty ? [] : WireLimits.SplitIntoBatches(unknown, WireLimits.SizeOf))
        {
            _journal.NextBatch.AddAccepted(jobs);
            _journal.WhenWritten(() =>
            {
                if (link.Failure is { } failure)
                    WriteOutcomes(PoolFailures.FailJobs(jobs, failure));
                else
                    RunJobs(link.Bundle, jobs);
            });
        }

        AddUnwritten(link, bytes);
        NoteJournaled(link, submit);
        AnswerWhenWritten(link, submit, existing);
    }

    private static void NoteJournaled(SessionLink link, PoolProtocol.SubmitJobs submit)
    {
        if (!submit.Jobs.IsEmpty && submit.Jobs[^1].Id.Value > link.LastJournaled.Value)
            link.LastJournaled = submit.Jobs[^1].Id;
    }

    private void AnswerWhenWritten(
        SessionLink link, PoolProtocol.SubmitJobs submit, ImmutableArray<PoolProtocol.ExistingJob> existing, long ended = 0)
    {
        // Taken now: a waiting acknowledgment of another handle may remove an outcome before the answer is sent.
        var retained = existing.IsEmpty ? NoOutcomes : existing.Where(job => job.IsSame).DistinctBy(job => job.Existing)
            .Select(job => FindOutcome(job.Existing)).OfType<JobOutcome>().ToDictionary(outcome => outcome.Id);
        WhenWritten(() => link.AnswerAfter(ended, () => SendAccepted(link, submit, existing, retained)));
    }

    private void SendAccepted(
        SessionLink link, PoolProtocol.SubmitJobs submit, ImmutableArray<PoolProtocol.ExistingJob> existing,
        IReadOnlyDictionary<JobId, JobOutcome> retained)
    {
        // A client that leaves still learns that its jobs are accepted.
        link.Link.LastAccepted = Math.Max(link.Link.LastAccepted, submit.Number);
        link.Link.Client.Send(
            submit.Number > 0 && HasKeys(submit) ? new PoolProtocol.KeyedJobsAccepted(submit.Number, existing)
            : new PoolProtocol.JobsAccepted(submit.Number));
        if (!existing.IsEmpty && !link.Link.IsLost)
            SendKnown(link, existing.Where(job => job.IsSame).Select(job => job.Existing), retained);
    }

    private void AttachJobs(SessionLink link, ImmutableArray<JobId> jobs)
    {
        // The client may have submitted nothing.
        link.Link.RetainOutcomes();
        if (link.Link.IsOverLimit)
        {
            RefuseResults(link);
            return;
        }

        // A message has room for two million ids. Each outcome is sent once.
        SendKnown(link, jobs.Distinct(), NoOutcomes);
    }

    /// <summary>
    /// Sends the outcomes of those jobs that have ended, that no build can run, or that the pool does not know, and later those of the
    /// others.
    /// </summary>
    private void SendKnown(SessionLink link, IEnumerable<JobId> jobs, IReadOnlyDictionary<JobId, JobOutcome> retained)
    {
        var outcomes = ImmutableArray.CreateBuilder<JobOutcome>();
        var unknown = ImmutableArray.CreateBuilder<JobId>();
        foreach (var id in jobs)
        {
            _retried.AttachSession(id, link.Range);
            var outcome = retained.GetValueOrDefault(id) ?? FindOutcome(id);
            if (outcome is null && !Ledger.IsPending(id))
                unknown.Add(id);
            else if (outcome is null && FindMissingBuild(id) is { } waiting)
                outcomes.Add(waiting);
            else
                _shared.AttachSession(id, link.Range, FindLink(SessionRange.GetRange(id))?.Range);
            if (outcome is not null)
                outcomes.Add(outcome);
        }

        if (outcomes.Count > 0)
            link.Link.SendEnded(outcomes.DrainToImmutable());
        if (unknown.Count > 0)
            SendUnknown(link, unknown.DrainToImmutable());
        UpdatePause();
    }

    /// <summary>
    /// Reports jobs as unknown once a record is written: the pool may have moved to another coordinator, which knows them.
    /// </summary>
    private void SendUnknown(SessionLink link, ImmutableArray<JobId> jobs)
    {
        // A client can attach to any ids, and the answers are kept until it has received them.
        if (!link.Link.TryReserve(jobs.Length))
        {
            RefuseResults(link);
            return;
        }

        _journal.NextBatch.AddFence();
        WhenWritten(() =>
        {
            if (link.Link.IsLost)
                return;
            link.Link.EndReservation(jobs.Length);
            var unknown = jobs.RemoveAll(job => Ledger.IsPending(job) || FindOutcome(job) is not null);
            if (!unknown.IsEmpty)
                link.Link.SendEnded([.. unknown.Select(static job => new JobOutcome(job, JobStatus.Unknown, default, null, 0))]);
            if (unknown.Length < jobs.Length)
                SendKnown(link, jobs.RemoveRange(unknown), NoOutcomes);
        });
    }

    private JobOutcome? FindOutcome(JobId job) => Ledger.TryGetOutcome(job, out var outcome) ? outcome : null;

    private SessionLink? FindLink(long range)
    {
        foreach (var link in _links.Values)
        {
            if (link.Range == range)
                return link;
        }

        return null;
    }

    private void AcknowledgeMessages(SessionLink link, long number)
    {
        if (!link.Link.AcknowledgeOutcomes(number))
            return;
        UpdatePause();
        link.SendAnswers();
    }

    private void AnswerComparison(SessionLink link, PoolProtocol.ComparePool compare)
    {
        AcknowledgeMessages(link, compare.Acknowledged);
        var isAnswered = link.Link.TryStartComparison();
        if (isAnswered)
            link.Link.ResendOutcomes();
        if (!compare.Canceled.IsEmpty)
            WhenWritten(() => CancelJobs(compare.Canceled));
        if (isAnswered)
            SendComparison(link);
    }

    private void AnswerWaitingComparisons()
    {
        foreach (var link in _links.Values.Where(link => link.Link.TakeWaitingComparison()).ToList())
        {
            link.Link.ResendOutcomes();
            SendComparison(link);
        }
    }

    private static void SendComparison(SessionLink link) => link.Link.AnswerComparison(
        link.IsTerminated ? PoolProtocol.PoolEnding.Ending
        : link.IsClosing ? PoolProtocol.PoolEnding.Closed
        : PoolProtocol.PoolEnding.Open);

    private void AcknowledgeOutcomes(SessionLink link, ImmutableArray<JobId> jobs)
    {
        var late = _retried.FindLate(link.Range, jobs);
        ForgetWhenWritten(_shared.RemoveSession(link.Range, late));
        ForgetWhenWritten(_shared.AcknowledgeOutcomes(
            link.Range, late.IsEmpty ? jobs : jobs.RemoveAll(late.ToHashSet().Contains), FindSubmitter));
        WhenWritten(() => DeleteIfSettled());
    }

    private long? FindSubmitter(JobId job) => FindOutcome(job) is null ? null : FindLink(SessionRange.GetRange(job))?.Range;

    /// <summary>Forgets written outcomes. A record with both an outcome and its acknowledgment would lose the outcome.</summary>
    private void ForgetWhenWritten(ImmutableArray<JobId> jobs)
    {
        // A client can name any ids, which would be written. An outcome that it has received is in the ledger until it is forgotten.
        jobs = [.. jobs.Where(job => FindOutcome(job) is not null && !_retrying.Contains(job)).Distinct()];
        if (jobs.IsEmpty)
            return;
        _retried.RemoveJobs(jobs);
        // A job with the key of a forgotten one that is submitted from now on is a new job.
        foreach (var job in _keys.IsEmpty ? [] : jobs)
            _keys.ForgetJob(job);
        _journal.NextBatch.AddForgotten(jobs);
    }

    private ImmutableArray<JobId> GetPending(SessionLink link) =>
        [.. Ledger.Pending.Select(pending => pending.Job.Id).Where(job => SessionRange.GetRange(job) == link.Range)];
}
