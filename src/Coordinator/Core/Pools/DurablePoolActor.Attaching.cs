using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>Answers submissions, and sends the outcomes of jobs that were accepted earlier.</summary>
internal sealed partial class DurablePoolActor
{
    /// <summary>
    /// Answers a submission with keys again: the answer was lost, and the client needs to know which of the jobs existed before.
    /// </summary>
    protected override void OnRepeatedSubmission(PoolProtocol.SubmitJobs submit)
    {
        if (State is not null && !_hasEnded && HasKeys(submit))
            AnswerWhenWritten(submit, _keys.FindJobs(submit.Jobs, _lastJournaled));
    }

    private static bool HasKeys(PoolProtocol.SubmitJobs submit) => submit.Jobs.Any(static job => job.Policy.Key is not null);

    private void AnswerWhenWritten(PoolProtocol.SubmitJobs submit, ImmutableArray<PoolProtocol.ExistingJob> existing)
    {
        var client = Sender;
        // Taken now: a waiting acknowledgement of another handle may remove an outcome before the answer is sent.
        var retained = existing.IsEmpty ? [] : existing.Select(job => FindOutcome(job.Existing)).ToList();
        _journal.WhenWritten(() => SendAccepted(submit, client, existing, retained));
        _journal.WriteNext();
    }

    private void SendAccepted(
        PoolProtocol.SubmitJobs submit, IActorRef client, ImmutableArray<PoolProtocol.ExistingJob> existing,
        IReadOnlyList<JobOutcome?> retained)
    {
        if (client.Equals(Client))
            LastAccepted = Math.Max(LastAccepted, submit.Number);
        client.Tell(
            submit.Number > 0 && HasKeys(submit)
                ? new PoolProtocol.KeyedJobsAccepted(submit.Number, existing)
                : CreateAccepted(submit));
        if (client.Equals(Client) && !existing.IsEmpty)
            SendEnded([.. SelectOutcomes(existing.Where(job => job.IsSame).Select(job => job.Existing), retained)]);
    }

    private void AttachJobs(PoolProtocol.AttachToJobs attach)
    {
        // The client may have submitted nothing.
        RetainOutcomes();
        SendEnded([.. SelectOutcomes(attach.Jobs, [])]);
    }

    private JobOutcome? FindOutcome(JobId job) => Ledger.TryGetOutcome(job, out var outcome) ? outcome : null;

    /// <summary>Selects the outcomes of those jobs that have ended, or that the pool does not know.</summary>
    private IEnumerable<JobOutcome> SelectOutcomes(IEnumerable<JobId> jobs, IReadOnlyList<JobOutcome?> known)
    {
        foreach (var id in jobs)
        {
            if ((known.FirstOrDefault(outcome => outcome?.Id == id) ?? FindOutcome(id)) is { } outcome)
                yield return outcome;
            else if (!Ledger.IsPending(id))
                yield return new JobOutcome(id, JobStatus.Unknown, default, null, 0);
        }
    }
}
