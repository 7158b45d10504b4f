using Microsoft.Extensions.Logging;

namespace Actors.Programs.Hosting;

/// <summary>The log events of all programs in the generic host.</summary>
public static partial class ProgramLog
{
    /// <summary>The beginning of the categories of the programs' own events.</summary>
    public const string CategoryPrefix = "Actors.";

    /// <summary>The program cannot start, or cannot continue. It ends with exit code 1.</summary>
    [LoggerMessage(1, LogLevel.Error, "{Reason}")]
    public static partial void ProgramFailed(ILogger logger, string reason);

    /// <summary>An event of the actor system. Its category is the type that logs.</summary>
    [LoggerMessage(EventId = 2, Message = "{Source}: {Text}")]
    public static partial void ActorSystemEvent(ILogger logger, LogLevel level, Exception? exception, string source, object? text);

    /// <summary>A file with a secret can be read or replaced by other users. The program uses it nevertheless.</summary>
    [LoggerMessage(3, LogLevel.Warning, "{Warning}")]
    public static partial void SecretExposed(ILogger logger, string warning);
}
