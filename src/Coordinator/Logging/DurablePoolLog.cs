using Microsoft.Extensions.Logging;

namespace Actors.Coordinator.Logging;

/// <summary>The log events of the durable pools of a coordinator.</summary>
internal static partial class DurablePoolLog
{
    /// <summary>A pool is read from the store. Logged for each 100,000 jobs.</summary>
    [LoggerMessage(120, LogLevel.Information, "durable pool '{Pool}': loading: {Jobs:N0} jobs so far")]
    public static partial void Loading(ILogger logger, string pool, long jobs);

    /// <summary>A pool is loaded, and runs its jobs here: it was opened, or has moved here.</summary>
    [LoggerMessage(
        121, LogLevel.Information, "durable pool '{Pool}': runs here; {Pending:N0} jobs pending, {Retained:N0} results retained")]
    public static partial void Started(ILogger logger, string pool, long pending, long retained);

    /// <summary>
    /// The store has failed, or another coordinator runs the pool. After a failure of the store, a pool with jobs is loaded again until the
    /// store works.
    /// </summary>
    [LoggerMessage(
        122, LogLevel.Warning, "durable pool '{Pool}': cannot continue here: {Reason}; {Refused:N0} completions were refused")]
    public static partial void Interrupted(ILogger logger, string pool, string reason, int refused);

    /// <summary>The coordinator stops, and some outcomes are not written. These jobs run again at another coordinator.</summary>
    [LoggerMessage(
        123, LogLevel.Warning, "durable pool '{Pool}': stops here; {Refused:N0} completions were refused: they were not written in time")]
    public static partial void Stopped(ILogger logger, string pool, int refused);

    /// <summary>Outcomes arrived after the pool had stopped here. These jobs run again at another coordinator.</summary>
    [LoggerMessage(124, LogLevel.Warning, "durable pool '{Pool}': {Refused:N0} completions were refused: they arrived too late")]
    public static partial void OutcomesRefused(ILogger logger, string pool, long refused);

    /// <summary>The workers of one build of the program cannot start, so its jobs fail. Other builds continue.</summary>
    [LoggerMessage(125, LogLevel.Warning, "durable pool '{Pool}': has failed: {Reason}")]
    public static partial void BuildFailed(ILogger logger, string pool, string reason);

    /// <summary>The jobs of a pool wait, because too many results are retained.</summary>
    [LoggerMessage(126, LogLevel.Warning, "durable pool '{Pool}': its jobs wait: too many results are retained ({Bytes:N0} bytes)")]
    public static partial void Paused(ILogger logger, string pool, long bytes);

    /// <summary>The jobs of a paused pool run again.</summary>
    [LoggerMessage(127, LogLevel.Information, "durable pool '{Pool}': its jobs run again ({Bytes:N0} bytes of results are retained)")]
    public static partial void Resumed(ILogger logger, string pool, long bytes);

    /// <summary>Named jobs wait until a program with a build that knows their name opens the pool.</summary>
    [LoggerMessage(
        128, LogLevel.Warning, "durable pool '{Pool}': {Jobs:N0} jobs named '{Job}' wait: no build in use knows the name")]
    public static partial void WaitingForBuild(ILogger logger, string pool, int jobs, string job);

    /// <summary>A snapshot could not be written, or replaced records could not be deleted. Nothing is lost, and the store grows.</summary>
    [LoggerMessage(129, LogLevel.Warning, "durable pool '{Pool}': {Reason}")]
    public static partial void NotCompacted(ILogger logger, string pool, string reason);

    /// <summary>A pool was closed by its name. Its accepted jobs still run.</summary>
    [LoggerMessage(130, LogLevel.Information, "durable pool '{Pool}': is closed; {Pending:N0} jobs pending")]
    public static partial void Closed(ILogger logger, string pool, long pending);

    /// <summary>A pool without clients and jobs is unloaded until a program uses it.</summary>
    [LoggerMessage(131, LogLevel.Information, "durable pool '{Pool}': is unloaded; {Retained:N0} results retained")]
    public static partial void Unloaded(ILogger logger, string pool, long retained);

    /// <summary>A closed pool without jobs and retained results is deleted.</summary>
    [LoggerMessage(132, LogLevel.Information, "durable pool '{Pool}': is deleted")]
    public static partial void Deleted(ILogger logger, string pool);
}
