using System.Collections.Immutable;
using Actors.Messages.Executors;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;

namespace Actors.Coordinator.Pools;

/// <summary>Creates the failures of jobs that ended without a result of their function.</summary>
public static class PoolFailures
{
    /// <summary>The type name of all these failures. The client creates a typed exception from the status of the job.</summary>
    private const string Type = "Actors.PoolFailure";

    public static FailureInfo NoWorkers(PoolSpec spec)
    {
        var having = spec.Needs is { } needs ? $" that has {needs}" : "";
        var labels = spec.Needs?.Labels.Select(label => $" --label {label}") ?? [];
        var resources = spec.Needs?.Resources.Select(resource => $" --resource {resource}") ?? [];
        var options = string.Concat(labels.Concat(resources));
        return FailureInfo.FromMessage(
            Type,
            $"No worker node{having} was connected for {spec.NodeTimeoutMilliseconds / 1000.0:0.#} s. Start one with: actors worker --join "
            + $"HOST:PORT{options}");
    }

    public static FailureInfo StartFailed(ExecutorExit exit) => FailureInfo.FromMessage(
        Type, $"Workers end before they are ready ({DescribeExit(exit)}).{FormatLastOutput(exit)}");

    /// <param name="exit">How the executor ended.</param>
    /// <param name="attempts">The lost attempts of the job.</param>
    /// <param name="failure">The reason why the node killed the executor. Null if the exit is enough.</param>
    public static FailureInfo ExecutorLost(ExecutorExit exit, IEnumerable<AttemptLoss> attempts, FailureInfo? failure = null)
    {
        var reason = failure is null ? "" : $" {failure.Message}";
        var info = FailureInfo.FromMessage(Type, $"The worker {DescribeExit(exit)}.{reason}{FormatLastOutput(exit)}");
        return AttemptHistory.AddTo(FailedItem.AddTo(info, exit.Item), attempts);
    }

    public static FailureInfo CoordinatorLost(IEnumerable<AttemptLoss> attempts) =>
        AttemptHistory.AddTo(
            FailureInfo.FromMessage(
                Type, "The coordinator was lost while this at-most-once job may have been running. It is not run again."),
            attempts);

    public static FailureInfo OutcomeLost(IEnumerable<AttemptLoss> attempts) => AttemptHistory.AddTo(
        FailureInfo.FromMessage(Type, "The outcome of this at-most-once job was lost on the way from its worker. It is not run again."),
        attempts);

    /// <summary>Creates the outcomes of jobs of a pool that has failed.</summary>
    public static ImmutableArray<JobOutcome> FailJobs(IEnumerable<JobSpec> jobs, FailureInfo reason) =>
        [.. jobs.Select(job => new JobOutcome(job.Id, JobStatus.PoolFailed, default, reason, 0))];

    /// <summary>Creates the outcomes of jobs that the pool does not accept.</summary>
    public static ImmutableArray<JobOutcome> RefuseJobs(IEnumerable<JobSpec> jobs, Exception reason)
    {
        var failure = FailureConverter.ToFailure(reason);
        return [.. jobs.Select(job => new JobOutcome(job.Id, JobStatus.Refused, default, failure, 0))];
    }

    public static AttemptLoss CreateLoss(Executor executor, ExecutorExit exit) =>
        new(executor.NodeName, executor.ProcessId, exit.ExitCode, DescribeExit(exit));

    private static string DescribeExit(ExecutorExit exit) => (exit.Reason, exit.ExitCode) switch
    {
        (ExecutorExitReason.TimedOut, _) => "was killed: the job ran over its timeout",
        (ExecutorExitReason.MemoryExceeded, _) => "was killed: it took more memory than the pool allows",
        (ExecutorExitReason.BrokeProtocol, _) => "was killed: it sent its node a malformed frame",
        (ExecutorExitReason.NodeLost, _) => "was lost with its worker node",
        (ExecutorExitReason.Canceled, _) => "was killed: the canceled job did not stop within the grace time",
        (ExecutorExitReason.PoolEnded, _) => "was killed with its pool",
        (ExecutorExitReason.Drained, _) => "was ended: its worker node drains, and the canceled job did not complete",
        (_, < 0 and var signal) => $"was ended by signal {-signal}",
        (_, int code) => $"ended by itself with exit code {code}",
        _ => "ended",
    };

    private static string FormatLastOutput(ExecutorExit exit) =>
        exit.LastOutput.Length == 0 ? "" : $" It last wrote:\n{WorkerStack.TrimStack(exit.LastOutput)}";
}
