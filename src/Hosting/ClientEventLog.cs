using Microsoft.Extensions.Logging;

namespace Actors.Hosting;

/// <summary>The log events of all pools and managers in a program with the generic host.</summary>
internal static partial class ClientEventLog
{
    /// <summary>The coordinator was lost. The client tries to reconnect, and jobs wait.</summary>
    [LoggerMessage(11, LogLevel.Warning, "{Message}")]
    public static partial void CoordinatorLost(ILogger logger, string message, Exception? exception);

    /// <summary>The client is connected to a coordinator again.</summary>
    [LoggerMessage(12, LogLevel.Information, "{Message}")]
    public static partial void CoordinatorReconnected(ILogger logger, string message, Exception? exception);

    /// <summary>No coordinator has answered yet.</summary>
    [LoggerMessage(13, LogLevel.Warning, "{Message}")]
    public static partial void CoordinatorAwaited(ILogger logger, string message, Exception? exception);

    /// <summary>
    /// A job or map failed, and the program never observed it: its handle was collected, or its pool has ended. At most ten in a minute,
    /// and at the end of a pool, which counts the others.
    /// </summary>
    [LoggerMessage(14, LogLevel.Warning, "{Message}")]
    public static partial void FailureUnobserved(ILogger logger, string message, Exception? exception);

    /// <summary>A pool was disposed with unfinished jobs.</summary>
    [LoggerMessage(15, LogLevel.Warning, "{Message}")]
    public static partial void PoolDisposedEarly(ILogger logger, string message, Exception? exception);

    /// <summary>A pool was never disposed.</summary>
    [LoggerMessage(16, LogLevel.Warning, "{Message}")]
    public static partial void PoolForgotten(ILogger logger, string message, Exception? exception);

    /// <summary>A callback, or the receiver of a job's progress, threw the exception. The pool continues.</summary>
    [LoggerMessage(17, LogLevel.Warning, "{Message}")]
    public static partial void CallbackFailed(ILogger logger, string message, Exception? exception);

    /// <summary>A file with a secret can be read or replaced by other users. The program uses it nevertheless.</summary>
    [LoggerMessage(19, LogLevel.Warning, "{Message}")]
    public static partial void SecretExposed(ILogger logger, string message, Exception? exception);
}
