using Microsoft.Extensions.Logging;

namespace Actors.Hosting;

/// <summary>The log events of hosted pools.</summary>
internal static partial class HostingLog
{
    /// <summary>The pool accepts jobs.</summary>
    [LoggerMessage(1, LogLevel.Information, "Pool '{Pool}' is open at {Place}.")]
    public static partial void PoolOpened(ILogger logger, string pool, string place);

    /// <summary>All jobs of the pool have ended within the shutdown time.</summary>
    [LoggerMessage(2, LogLevel.Information, "Pool '{Pool}' is closed. {Summary}")]
    public static partial void PoolClosed(ILogger logger, string pool, PoolSummary summary);

    /// <summary>The program ends, and the durable pool of a cluster does not.</summary>
    [LoggerMessage(3, LogLevel.Information, "Pool '{Pool}' is detached: its accepted jobs continue without this program.")]
    public static partial void PoolDetached(ILogger logger, string pool);

    /// <summary>Jobs had not ended within the shutdown time.</summary>
    [LoggerMessage(
        4, LogLevel.Warning,
        "Pool '{Pool}' had {Dropped} unfinished jobs at the end of the shutdown time, which were dropped. Set "
        + "HostOptions.ShutdownTimeout to a longer time to let them finish. {Summary}")]
    public static partial void JobsDropped(ILogger logger, string pool, long dropped, PoolSummary summary);

    /// <summary>The pool had already failed at the shutdown.</summary>
    [LoggerMessage(5, LogLevel.Error, "Pool '{Pool}' failed before the shutdown.")]
    public static partial void PoolFailed(ILogger logger, string pool, Exception exception);

    /// <summary>The program ends, and the unfinished jobs of a durable pool on this machine wait in its store.</summary>
    [LoggerMessage(
        6, LogLevel.Information, "Pool '{Pool}' is detached: its accepted jobs are stored, and continue when a program opens it again.")]
    public static partial void PoolKept(ILogger logger, string pool);

    /// <summary>The pool has failed, for example because its initializer has thrown, or its coordinator was lost.</summary>
    [LoggerMessage(7, LogLevel.Error, "Pool '{Pool}' has failed, and the host does not open it again: restart the program.")]
    public static partial void PoolEnded(ILogger logger, string pool, Exception exception);

    /// <summary>The pool has no connection string, and one with a similar name is not used.</summary>
    [LoggerMessage(
        8, LogLevel.Warning, "Pool '{Pool}' runs on this machine: it has no connection string, and no pool uses the connection string "
        + "'{Connection}'. If it is for this pool, correct its name.")]
    public static partial void ConnectionUnused(ILogger logger, string pool, string connection);
}
