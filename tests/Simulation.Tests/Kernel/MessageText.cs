using Actors.Messages.Jobs;
using Actors.Messages.Nodes;
using Actors.Messages.Pools;

namespace Actors.Simulation.Tests.Kernel;

/// <summary>Short texts of messages for the trace of a failed run.</summary>
internal static class MessageText
{
    public static string Describe(object message) => message switch
    {
        PoolProtocol.SubmitJobs submit => $"SubmitJobs #{submit.Number} [{Jobs(submit.Jobs)}] ack {submit.Acknowledged}",
        PoolProtocol.JobsEnded ended => $"JobsEnded #{ended.Number} [{Outcomes(ended.Outcomes)}] submitted {ended.Submitted}",
        PoolProtocol.CancelJobs cancel => $"CancelJobs [{string.Join(' ', cancel.Jobs)}]",
        PoolProtocol.WithdrawJobs withdraw => $"WithdrawJobs [{string.Join(' ', withdraw.Jobs)}]",
        PoolProtocol.JobsNotWithdrawn not => $"JobsNotWithdrawn [{string.Join(' ', not.Jobs)}]",
        PoolProtocol.AttachToJobs attach => $"AttachToJobs [{string.Join(' ', attach.Jobs)}]",
        PoolProtocol.ForgetOutcomes forget => $"ForgetOutcomes [{string.Join(' ', forget.Jobs)}]",
        NodeProtocol.RunJobs run => $"RunJobs {run.First}: [{Jobs(run.Jobs)}] ack {run.Acknowledged}",
        NodeProtocol.JobsDone done => $"JobsDone #{done.Number} [{Outcomes(done.Outcomes)}]",
        NodeProtocol.JobsReturned back => $"JobsReturned #{back.Number} [{string.Join(' ', back.Jobs)}]",
        NodeProtocol.JobsHeld held => $"JobsHeld #{held.Number} up to {held.Last} [{string.Join(' ', held.Jobs)}] begun {held.LastBegun}",
        NodeProtocol.CompareExecutor compare =>
            $"CompareExecutor {compare.State} ack {compare.Acknowledged} sent {compare.LastSent} [{string.Join(' ', compare.Canceled)}]",
        NodeProtocol.ExecutorExited exited => $"ExecutorExited {exited.Exit.Reason} begun {exited.LastBegun} ended {exited.LastEnded}",
        NodeProtocol.ProvideExecutors provide => $"ProvideExecutors {provide.Executors} #{provide.Number}",
        _ => message.ToString() is { Length: < 120 } text ? text : message.GetType().Name,
    };

    private static string Jobs(IEnumerable<JobSpec> jobs) => string.Join(' ', jobs.Select(job => job.Id));

    private static string Outcomes(IEnumerable<JobOutcome> outcomes) =>
        string.Join(' ', outcomes.Select(outcome => $"{outcome.Id}:{outcome.Status}"));
}
