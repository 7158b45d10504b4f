using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Actors.Programs.Hosting;

/// <summary>
/// Writes each log event as one line. Lines of the programs consist of their message, which scripts await. Others have the time, the level
/// and the category.
/// </summary>
public sealed class LineFormatter() : ConsoleFormatter(FormatterName)
{
    /// <summary>The name of the formatter in settings.</summary>
    public const string FormatterName = "line";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (logEntry.Exception is { } exception)
            message += $" ({DescribeException(logEntry.LogLevel, exception)})";
        var line = (GetPrefix(logEntry.LogLevel, logEntry.Category) + message).ReplaceLineEndings(" ");
        textWriter.WriteLine(ReplaceControls(line));
    }

    /// <summary>Replaces control characters. Text of a peer must not look like another line, or move the cursor of a terminal.</summary>
    private static string ReplaceControls(string line) =>
        line.Any(char.IsControl) ? string.Concat(line.Select(character => char.IsControl(character) ? '\uFFFD' : character)) : line;

    /// <summary>Describes an exception: with its stack, if it ends the program.</summary>
    private static string DescribeException(LogLevel level, Exception exception) =>
        level == LogLevel.Critical ? exception.ToString() : $"{exception.GetType().Name}: {exception.Message}";

    private static string GetPrefix(LogLevel level, string category) =>
        category.StartsWith(ProgramLog.CategoryPrefix, StringComparison.Ordinal) ? "" : DescribeOrigin(level, category);

    private static string DescribeOrigin(LogLevel level, string category) => string.Create(
        CultureInfo.InvariantCulture,
        $"{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} [{level.ToString().ToUpperInvariant()}] {category}: ");
}
