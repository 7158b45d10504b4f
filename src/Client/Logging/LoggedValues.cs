using System.Collections;
using Actors.Messages.Jobs;

namespace Actors.Logging;

/// <summary>The structured values of a log record or a scope, with the text that they stand for. A job has sent them.</summary>
/// <param name="text">The text.</param>
/// <param name="values">The values.</param>
internal sealed class LoggedValues(string text, IEnumerable<KeyValuePair<string, object?>> values)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly string _text = LoggedText.LimitMessage(text);
    private readonly List<KeyValuePair<string, object?>> _values = [.. values.Take(JobLogRecord.MaxValues).Select(LoggedText.LimitValue)];

    /// <inheritdoc/>
    public int Count => _values.Count;

    /// <inheritdoc/>
    public KeyValuePair<string, object?> this[int index] => _values[index];

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => _text;
}
