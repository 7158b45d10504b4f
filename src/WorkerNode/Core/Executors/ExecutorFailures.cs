using Actors.Messages.Jobs;

namespace Actors.WorkerNode.Executors;

/// <summary>The failures that a node reports about an executor.</summary>
internal static class ExecutorFailures
{
    public static FailureInfo NotReady(TimeSpan timeout) => FailureInfo.FromMessage(
        "Actors.ExecutorStartException",
        $"The worker was not ready within {timeout.TotalSeconds:0} s. Move slow code from the initializer to the first job.");

    /// <summary>Creates the failure of a worker that sent an unexpected frame.</summary>
    public static FailureInfo BrokeProtocol(Exception reason) => FailureInfo.FromMessage(
        "Actors.WorkerProtocolException", $"The worker sent its node an invalid frame, and was killed. {reason.Message}");
}
