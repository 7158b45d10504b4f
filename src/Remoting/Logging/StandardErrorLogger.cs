using System.Globalization;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace Actors.Remoting.Logging;

/// <summary>
/// Writes the log of the actor system to standard error, one line for each event. Standard output belongs to the program.
/// </summary>
public sealed class StandardErrorLogger : UntypedActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InitializeLogger: Sender.Tell(new LoggerInitialized()); break;
            case LogEvent log when IsBrokenLink(log): break;
            case LogEvent log: WriteEvent(log); break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>
    /// Whether an event reports only that a connection was closed. The framework logs that as an error. Clients, nodes and coordinators log
    /// the consequences themselves.
    /// </summary>
    public static bool IsBrokenLink(LogEvent log) =>
        log.Cause?.GetType().FullName == "Akka.Remote.EndpointDisassociatedException" || IsClosedBeforeTls(log);

    /// <summary>
    /// Whether a connection was closed before its TLS handshake ended: by a client that checks which coordinators listen, or by a
    /// coordinator that ends. Rejected certificates have other causes, and stay in the log.
    /// </summary>
    private static bool IsClosedBeforeTls(LogEvent log) => log.Cause is IOException && log.LogClass?.Name switch
    {
        "TcpServerHandler" => true,
        "TcpClientHandler" => log.Cause.Message == "Channel is closed",
        _ => false,
    };

    private static void WriteEvent(LogEvent log) => Console.Error.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{log.Timestamp:yyyy-MM-ddTHH:mm:ss.fffZ} [{GetLevelName(log.LogLevel())}] {log.LogSource}: "
            + $"{ToOneLine(log.Message)}{DescribeCause(log.Cause)}"));

    private static string GetLevelName(LogLevel level) =>
        level.ToString().Replace("Level", "", StringComparison.Ordinal).ToUpperInvariant();

    private static string DescribeCause(Exception? cause) => cause is null ? "" : $" ({cause.GetType().Name}: {ToOneLine(cause.Message)})";

    /// <summary>Removes line breaks: text of a peer must not look like another log line.</summary>
    private static string ToOneLine(object? message) => (message?.ToString() ?? "").ReplaceLineEndings(" ");
}
