namespace Actors.Runner;

/// <summary>The outcome of a call.</summary>
/// <param name="Call">The number of the call, from 1; with a map, the line.</param>
/// <param name="Result">The result; null if it has none or failed.</param>
/// <param name="Error">The failure; null if the function returned.</param>
/// <param name="HasEnded">Whether the function returned or failed before the run was interrupted.</param>
internal sealed record CallOutcome(int Call, object? Result, string? Error, bool HasEnded = true)
{
    /// <summary>Creates the outcome of a call that had not ended when the run was interrupted.</summary>
    public static CallOutcome CreateUnfinished(int call) => new(call, null, "The run ended before this call.", HasEnded: false);
}
