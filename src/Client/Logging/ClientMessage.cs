namespace Actors.Logging;

/// <summary>A message of this library to the operator of the program.</summary>
/// <param name="Event">The kind.</param>
/// <param name="Text">The text for a log, which adds the time and the exception.</param>
/// <param name="Exception">The exception that the message reports; null for none.</param>
internal sealed record ClientMessage(ClientEvent Event, string Text, Exception? Exception = null)
{
    /// <summary>Gets the text for standard error.</summary>
    public string Line { get; init; } = Exception is null ? Text : $"{Text} {Exception}";
}
