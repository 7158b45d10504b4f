using Microsoft.Extensions.Logging;

namespace Actors.Logging;

/// <summary>The log events about the log records of jobs.</summary>
internal static partial class JobLogEvents
{
    /// <summary>The category of these events.</summary>
    public const string Category = "Actors.JobContext";

    /// <summary>The job logs more than is sent, or records were lost with a connection. The scope names the job.</summary>
    [LoggerMessage(18, LogLevel.Warning, "{Count} log records of the job were dropped. At most {PerSecond} in a second and {PerJob} in an "
        + "attempt of a job are sent. Log less, or raise PoolOptions.MinLogLevel.")]
    public static partial void RecordsDropped(ILogger logger, long count, int perSecond, int perJob);
}
