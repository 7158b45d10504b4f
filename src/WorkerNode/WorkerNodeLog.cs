using Microsoft.Extensions.Logging;

namespace Actors.WorkerNode;

/// <summary>The log events of a worker node.</summary>
internal static partial class WorkerNodeLog
{
    /// <summary>The category of all these events.</summary>
    public const string Category = "Actors.WorkerNode";

    /// <summary>The node looks for a coordinator.</summary>
    [LoggerMessage(201, LogLevel.Information, "joining {Coordinators}")]
    public static partial void Joining(ILogger logger, string coordinators);

    /// <summary>A coordinator has accepted the node.</summary>
    [LoggerMessage(202, LogLevel.Information, "joined {Coordinator} with {Slots} worker slots as {Node}")]
    public static partial void Joined(ILogger logger, string coordinator, string slots, string node);

    /// <summary>The node has finished its jobs and ends.</summary>
    [LoggerMessage(203, LogLevel.Information, "drained")]
    public static partial void Drained(ILogger logger);

    /// <summary>No coordinator has counted on the node for its lease. It joins again.</summary>
    [LoggerMessage(204, LogLevel.Warning, "lost {Coordinators}; its workers were stopped")]
    public static partial void Lost(ILogger logger, string coordinators);
}
