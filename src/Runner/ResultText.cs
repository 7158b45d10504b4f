using System.Globalization;
using System.Text.Json;
using Actors.Programs;

namespace Actors.Runner;

/// <summary>Formats the results of calls. A result that cannot be written becomes a failure of its call alone.</summary>
internal static class ResultText
{
    /// <summary>Replaces the result of a call by a text.</summary>
    /// <param name="outcome">The outcome of the call.</param>
    /// <param name="isLine">Whether the text must be one line: a text with several lines is then written as JSON.</param>
    public static CallOutcome FormatAsText(CallOutcome outcome, bool isLine) => ReplaceResult(
        outcome, result => FormatText(result) is var text && isLine && text.AsSpan().ContainsAny('\r', '\n')
            ? JsonSerializer.Serialize(text, JsonAnswer.Format)
            : text);

    /// <summary>Replaces the result of a call by JSON.</summary>
    /// <param name="outcome">The outcome of the call.</param>
    public static CallOutcome FormatAsJson(CallOutcome outcome) =>
        ReplaceResult(outcome, result => JsonSerializer.SerializeToElement(result, JsonAnswer.Format));

    /// <summary>Formats a result: a text as it is, a number without a culture, another value as JSON.</summary>
    private static string FormatText(object result) => result switch
    {
        string text => text,
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => JsonSerializer.Serialize(result, JsonAnswer.Format),
    };

    private static CallOutcome ReplaceResult(CallOutcome outcome, Func<object, object> format)
    {
        if (outcome.Result is not { } result)
            return outcome;
        try
        {
            return outcome with { Result = format(result) };
        }
        catch (Exception exception)
        {
            // Any exception: the properties of the user's types are read here.
            return outcome with
            {
                Result = null,
                Error = $"It returned a {result.GetType().Name} that cannot be written as JSON: {exception.Message}",
            };
        }
    }
}
