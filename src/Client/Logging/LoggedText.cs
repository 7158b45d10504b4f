using Actors.Messages.Jobs;

namespace Actors.Logging;

/// <summary>
/// Limits the texts of log records to those of <see cref="JobLogger"/>. A job can send others. Control characters are replaced: a text must
/// not move the cursor of a terminal, and a name must not look like another line.
/// </summary>
internal static class LoggedText
{
    private const int LongestValue = 1024;
    private const int LongestName = 256;
    private const char Replacement = '\uFFFD';

    /// <summary>Limits a message or the text of an exception, which may have several lines.</summary>
    public static string LimitMessage(string text) => Limit(text, JobLogRecord.LongestText, IsForbiddenInMessage);

    /// <summary>Limits the names of a record.</summary>
    public static JobLogRecord LimitNames(JobLogRecord record) => record with
    {
        Category = LimitName(record.Category),
        EventName = record.EventName is { } name ? LimitName(name) : null,
    };

    /// <summary>Limits a structured value. Values that are not texts are those of this program.</summary>
    public static KeyValuePair<string, object?> LimitValue(KeyValuePair<string, object?> value) => KeyValuePair.Create(
        LimitName(value.Key), value.Value is string text ? Limit(text, LongestValue, IsForbiddenInMessage) : value.Value);

    private static string LimitName(string name) => Limit(name, LongestName, char.IsControl);

    private static bool IsForbiddenInMessage(char character) => char.IsControl(character) && character is not ('\n' or '\r' or '\t');

    private static string Limit(string text, int longest, Func<char, bool> isForbidden)
    {
        var cut = FailureLimits.CutText(text, longest)!;
        return cut.Any(isForbidden) ? string.Concat(cut.Select(character => isForbidden(character) ? Replacement : character)) : cut;
    }
}
