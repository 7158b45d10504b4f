using Microsoft.Extensions.Logging;

namespace Actors.Coordinator.Logging;

/// <summary>The log events of a coordinator.</summary>
internal static partial class CoordinatorLog
{
    /// <summary>The category of all these events.</summary>
    public const string Category = "Actors.Coordinator";

    /// <summary>The coordinator listens and looks for the other coordinators.</summary>
    [LoggerMessage(101, LogLevel.Information, "coordinator listens on {Address}")]
    public static partial void Listening(ILogger logger, string address);

    /// <summary>The same, with a store for durable pools and queues.</summary>
    [LoggerMessage(102, LogLevel.Information, "coordinator listens on {Address} and writes to {Store}")]
    public static partial void ListeningWithStore(ILogger logger, string address, string store);

    /// <summary>The coordinator accepts clients and worker nodes.</summary>
    [LoggerMessage(103, LogLevel.Information, "coordinator is a member of its cluster")]
    public static partial void JoinedCluster(ILogger logger);

    /// <summary>The coordinator ends, because the others no longer count on it.</summary>
    [LoggerMessage(104, LogLevel.Error, "The other coordinators have removed this one from the cluster. Restart it.")]
    public static partial void RemovedFromCluster(ILogger logger);

    /// <summary>The coordinator ends, so that it can be restarted and look for the others again.</summary>
    [LoggerMessage(
        105, LogLevel.Error, "This coordinator has not joined a cluster within {Seconds:0} s. Check that the others in --seeds can be "
        + "reached, then restart it.")]
    public static partial void NotJoined(ILogger logger, double seconds);

    /// <summary>Another coordinator has joined or left, is unreachable or reachable again, was removed, or was not removed.</summary>
    [LoggerMessage(110, LogLevel.Information, "coordinator {Coordinator} {Change}")]
    public static partial void CoordinatorChanged(ILogger logger, string coordinator, string change);

    /// <summary>A worker node has joined, left or was removed.</summary>
    [LoggerMessage(111, LogLevel.Information, "worker node {Node} {Change}")]
    public static partial void WorkerNodeChanged(ILogger logger, string node, string change);

    /// <summary>A durable queue was created or runs here.</summary>
    [LoggerMessage(113, LogLevel.Information, "durable queue '{Queue}': {Change}")]
    public static partial void DurableQueueChanged(ILogger logger, string queue, string change);

    /// <summary>The store of durable pools and queues cannot be used, or is full.</summary>
    [LoggerMessage(114, LogLevel.Error, "{Problem}")]
    public static partial void StoreFailed(ILogger logger, string problem);

    /// <summary>
    /// The store of a durable queue has failed, another coordinator runs the queue, or its old records could not be deleted. Its items are
    /// kept.
    /// </summary>
    [LoggerMessage(115, LogLevel.Warning, "durable queue '{Queue}': {Problem}")]
    public static partial void DurableQueueFailed(ILogger logger, string queue, string problem);
}
