namespace Actors.Runner;

/// <summary>The outcome of a call.</summary>
/// <param name="Call">The number of the call, from 1; with a map, the line.</param>
/// <param name="Result">The result; null if it has none or failed.</param>
/// <param name="Error">The failure; null if the function returned.</param>
internal sealed record CallOutcome(int Call, object? Result, string? Error);
