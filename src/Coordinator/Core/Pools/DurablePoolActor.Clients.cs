using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>Handles the requests of clients.</summary>
internal sealed partial class DurablePoolActor
{
    private static readonly Dictionary<JobId, JobOutcome> NoOutcomes = [];

    private readonly Dictionary<IActorRef, SessionLink> _links = [];

    private SessionLink Link => _links[Sender];

    private void ReceiveFromClients()
    {
        Receive<PoolProtocol.FindPool>(AnswerFind);
        Receive<PoolProtocol.OpenPool>(OpenPool);
        Receive<OpenWaitEnded>(_ => UnloadIfEmpty());
        Receive<LateTimeElapsed>(_ => UnloadPool());
        Receive<PoolProtocol.DetachFromPool>(DetachClient);
        Receive<PoolProtocol.SubmitJobs>(submit => ReceiveSubmission(Link, submit));
        Receive<PoolProtocol.AcknowledgeJobsEnded>(acknowledge => AcknowledgeMessages(Link, acknowledge.Number));
        Receive<PoolProtocol.ComparePool>(compare => AnswerComparison(Link, compare));
        Receive<PoolProtocol.AttachToJobs>(attach => AttachJobs(Link, attach.Jobs));
        Receive<PoolProtocol.ForgetOutcomes>(forget => AcknowledgeOutcomes(Link, forget.Jobs));
        // The builds know jobs after their submission is written.
        Receive<PoolProtocol.CancelJobs>(cancel => WhenWritten(() => CancelJobs(cancel.Jobs)));
        Receive<PoolProtocol.WithdrawJobs>(withdraw => WhenWritten(() => WithdrawJobs(withdraw.Jobs)));
        Receive<PoolProtocol.WithdrawAllJobs>(_ =>
        {
            var link = Link;
            WhenWritten(() => WithdrawJobs(GetPending(link)));
        });
        // A lost submission is sent again, and these requests after it.
        Receive<PoolProtocol.ClosePool>(close => Link.Link.HasReceived(close.Submitted), _ => CloseSession(Link));
        Receive<PoolProtocol.ClosePool>(_ => { });
        Receive<PoolProtocol.TerminatePool>(_ => TerminateSession(Link));
        Receive<PoolProtocol.QueryJob>(query => QueryJob(Link, query));
        Receive<PoolProtocol.KillWorker>(TellBuilds);
        Receive<PoolProtocol.TerminateWorker>(TellBuilds);
        Receive<PoolProtocol.RequestMapProgress>(TellBuilds);
        Receive<PoolProtocol.WorkerOutputWritten>(OnOutputWritten);
        Receive<ActorIdentity>(
            identity => _links.ContainsKey(Sender), identity => Link.Link.Progress.OnReceived(identity.MessageId));
    }

    private void ReceiveSubmission(SessionLink link, PoolProtocol.SubmitJobs submit)
    {
        AcknowledgeMessages(link, submit.Acknowledged);
        if (submit.Jobs.Any(job => SessionRange.GetRange(job.Id) != link.Range))
        {
            link.Link.Client.Tell(new PoolProtocol.PoolRefused(_id, "The program has submitted a job with the id of another session."));
            Disconnect(link);
            return;
        }

        switch (link.Link.ReceiveSubmission(submit.Number))
        {
            case ClientLink.SubmissionOrder.Next: SubmitWithinLimit(link, submit); break;
            // The answer was lost, and the client needs to know which of the jobs existed before.
            case ClientLink.SubmissionOrder.Repeated when HasKeys(submit) && !RefusesJobs(link):
                AnswerWhenWritten(link, submit, _keys.FindJobs(submit.Jobs, link.LastJournaled));
                break;
        }
    }

    private static bool HasKeys(PoolProtocol.SubmitJobs submit) => submit.Jobs.Any(static job => job.Policy.Key is not null);

    private static IEnumerable<JobSpec> SelectNew(SessionLink link, PoolProtocol.SubmitJobs submit) =>
        submit.Jobs.Where(job => job.Id.Value > link.LastJournaled.Value);

    /// <summary>Whether the pool accepts no jobs of a session.</summary>
    private bool RefusesJobs(SessionLink link) => Ledger.IsClosed || _isClosing || link.Failure is not null;

    private ImmutableArray<JobOutcome> CreateRefusals(SessionLink link, PoolProtocol.SubmitJobs submit) => link.Failure is { } failure
        ? PoolFailures.FailJobs(SelectNew(link, submit), failure)
        : PoolFailures.RefuseJobs(
            SelectNew(link, submit), new InvalidOperationException($"The durable pool '{Name}' was closed and accepts no more jobs."));

    /// <summary>Refuses the new jobs of a submission. The client is told, and nothing is written.</summary>
    private void RefuseJobs(
        SessionLink link, PoolProtocol.SubmitJobs submit, ImmutableArray<JobOutcome> refusals,
        ImmutableArray<PoolProtocol.ExistingJob> existing = default)
    {
        if (!refusals.IsEmpty)
            link.Link.SendEnded(refusals);
        NoteJournaled(link, submit);
        AnswerWhenWritten(link, existing.IsDefaultOrEmpty ? submit with { Jobs = [] } : submit, existing.IsDefault ? [] : existing);
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

    private void AnswerWhenWritten(SessionLink link, PoolProtocol.SubmitJobs submit, ImmutableArray<PoolProtocol.ExistingJob> existing)
    {
        // Taken now: a waiting acknowledgement of another handle may remove an outcome before the answer is sent.
        var retained = existing.IsEmpty ? NoOutcomes : existing.Where(job => job.IsSame).DistinctBy(job => job.Existing)
            .Select(job => FindOutcome(job.Existing)).OfType<JobOutcome>().ToDictionary(outcome => outcome.Id);
        WhenWritten(() => SendAccepted(link, submit, existing, retained));
    }

    private void SendAccepted(
        SessionLink link, PoolProtocol.SubmitJobs submit, ImmutableArray<PoolProtocol.ExistingJob> existing,
        IReadOnlyDictionary<JobId, JobOutcome> retained)
    {
        // A client that leaves still learns that its jobs are accepted.
        link.Link.LastAccepted = Math.Max(link.Link.LastAccepted, submit.Number);
        link.Link.Client.Tell(
            submit.Number > 0 && HasKeys(submit) ? new PoolProtocol.KeyedJobsAccepted(submit.Number, existing)
            : new PoolProtocol.JobsAccepted(submit.Number));
        if (!existing.IsEmpty && !link.Link.IsLost)
            SendKnown(link, existing.Where(job => job.IsSame).Select(job => job.Existing), retained);
    }

    private void AttachJobs(SessionLink link, ImmutableArray<JobId> jobs)
    {
        // The client may have submitted nothing.
        link.Link.RetainOutcomes();
        SendKnown(link, jobs, NoOutcomes);
    }

    /// <summary>Sends the outcomes of those jobs that have ended, or that the pool does not know, and later those of the others.</summary>
    private void SendKnown(SessionLink link, IEnumerable<JobId> jobs, IReadOnlyDictionary<JobId, JobOutcome> retained)
    {
        var outcomes = ImmutableArray.CreateBuilder<JobOutcome>();
        foreach (var id in jobs)
        {
            var outcome = retained.GetValueOrDefault(id) ?? FindOutcome(id);
            if (outcome is not null)
                outcomes.Add(outcome);
            else if (!Ledger.IsPending(id))
                outcomes.Add(new JobOutcome(id, JobStatus.Unknown, default, null, 0));
            if (outcome is not null || Ledger.IsPending(id))
                _shared.AttachSession(id, link.Range, FindLink(SessionRange.GetRange(id))?.Range);
        }

        if (outcomes.Count > 0)
            link.Link.SendEnded(outcomes.DrainToImmutable());
        UpdatePause();
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
        if (link.Link.AcknowledgeOutcomes(number))
            UpdatePause();
    }

    private void AnswerComparison(SessionLink link, PoolProtocol.ComparePool compare)
    {
        AcknowledgeMessages(link, compare.Acknowledged);
        link.Link.ResendOutcomes();
        if (!compare.Cancelled.IsEmpty)
            WhenWritten(() => CancelJobs(compare.Cancelled));
        link.Link.AnswerComparison(
            link.IsTerminated ? PoolProtocol.PoolEnding.Ending
            : link.IsClosing ? PoolProtocol.PoolEnding.Closed
            : PoolProtocol.PoolEnding.Open);
    }

    private void AcknowledgeOutcomes(SessionLink link, ImmutableArray<JobId> jobs)
    {
        ForgetWhenWritten(_shared.AcknowledgeOutcomes(link.Range, jobs));
        WhenWritten(() => DeleteIfSettled());
    }

    private void ForgetWhenWritten(ImmutableArray<JobId> jobs)
    {
        // A job with the key of a forgotten one that is submitted from now on is a new job.
        foreach (var job in _keys.IsEmpty ? [] : jobs.Where(job => FindOutcome(job) is not null))
            _keys.ForgetJob(job);
        if (!jobs.IsEmpty)
            _journal.NextBatch.AddForgotten(jobs);
    }

    private ImmutableArray<JobId> GetPending(SessionLink link) =>
        [.. Ledger.Pending.Select(pending => pending.Job.Id).Where(job => SessionRange.GetRange(job) == link.Range)];
}
