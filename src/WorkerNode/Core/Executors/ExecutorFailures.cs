using Actors.Messages.Jobs;
using Actors.WorkerNode.Frameworks;

namespace Actors.WorkerNode.Executors;

/// <summary>The failures that a node reports about an executor.</summary>
public static class ExecutorFailures
{
    /// <summary>Creates the failure of a worker whose process could not be started.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="nodeName">The name of the node for users.</param>
    public static FailureInfo NotStarted(Exception reason, string nodeName) => reason is MissingFrameworkException missing
        ? FailureInfo.FromMessage("Actors.MissingFrameworkException", missing.Describe($"worker node {nodeName}"))
        : FailureConverter.ToFailure(reason);

    public static FailureInfo NotReady(TimeSpan timeout) => FailureInfo.FromMessage(
        "Actors.ExecutorStartException",
        $"The worker was not ready within {timeout.TotalSeconds:0} s. Move slow code from the initializer to the first job.");

    /// <summary>Creates the failure of a worker that sent an unexpected frame.</summary>
    public static FailureInfo BrokeProtocol(Exception reason) => FailureInfo.FromMessage(
        "Actors.WorkerProtocolException", $"The worker sent its node an invalid frame, and was killed. {reason.Message}");
}
