using Actors.Messages.Jobs;

namespace Actors.WorkerNode.Executors;

/// <summary>What a node itself has to say about an executor that does not start.</summary>
internal static class ExecutorFailures
{
    public static FailureInfo NotReady(TimeSpan timeout) => FailureInfo.FromMessage(
        "Actors.ExecutorStartException",
        $"The executor was not ready within {timeout.TotalSeconds:0} s; an initializer that takes longer belongs into the first job.");

    /// <summary>A worker sent a frame that its node does not take.</summary>
    public static FailureInfo BrokeProtocol(Exception reason) => FailureInfo.FromMessage(
        "Actors.WorkerProtocolException", $"The worker sent its node a frame that no worker sends, and was killed. {reason.Message}");
}
