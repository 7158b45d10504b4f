namespace Actors.Logging;

/// <summary>The exception of a job's log record: its text, as the job's process has formatted it. It is logged and never thrown.</summary>
/// <param name="text">The type, message and stack trace.</param>
internal sealed class LoggedException(string text) : Exception(LoggedText.LimitMessage(text).Split('\n', 2)[0].TrimEnd())
{
    private readonly string _text = LoggedText.LimitMessage(text);

    /// <inheritdoc/>
    public override string ToString() => _text;
}
