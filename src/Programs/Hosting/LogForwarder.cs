using Actors.Remoting.Logging;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Microsoft.Extensions.Logging;
using LogEvent = Akka.Event.LogEvent;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Actors.Programs.Hosting;

/// <summary>Forwards the log of an actor system to the log of the host. The actor system filters by its own level first.</summary>
public sealed class LogForwarder : UntypedActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly ILoggerFactory _loggers = Context.System.Settings.Setup.Get<HostLog>().Value.Loggers;

    /// <summary>The setting of actor systems that are started with a <see cref="HostLog"/>.</summary>
    public static Config Config { get; } = ConfigurationFactory.ParseString(
        $"akka.loggers = [\"{typeof(LogForwarder).FullName}, {typeof(LogForwarder).Assembly.GetName().Name}\"]");

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InitializeLogger: Sender.Tell(new LoggerInitialized()); break;
            case LogEvent log when StandardErrorLogger.IsBrokenLink(log): break;
            case LogEvent log: ForwardEvent(log); break;
            default: Unhandled(message); break;
        }
    }

    private void ForwardEvent(LogEvent log)
    {
        try
        {
            var (logger, level) = (_loggers.CreateLogger($"Akka.{log.LogClass.Name}"), ToLevel(log.LogLevel()));
            if (logger.IsEnabled(level))
                ProgramLog.ActorSystemEvent(logger, level, log.Cause, log.LogSource, log.Message);
        }
        catch (ObjectDisposedException)
        {
            // The host has ended. An actor system that could not start ends later.
        }
    }

    private static LogLevel ToLevel(Akka.Event.LogLevel level) => level switch
    {
        Akka.Event.LogLevel.DebugLevel => LogLevel.Debug,
        Akka.Event.LogLevel.InfoLevel => LogLevel.Information,
        Akka.Event.LogLevel.WarningLevel => LogLevel.Warning,
        _ => LogLevel.Error,
    };
}

/// <summary>The log of the host, for its actor systems.</summary>
/// <param name="loggers">Creates the loggers.</param>
public sealed class HostLog(ILoggerFactory loggers) : Setup
{
    /// <summary>Creates the loggers.</summary>
    public ILoggerFactory Loggers => loggers;
}
