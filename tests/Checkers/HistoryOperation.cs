namespace Actors.Checkers;

/// <summary>One call of a client on a shared object. Times are numbers of any one clock that only grows.</summary>
/// <param name="Process">The caller.</param>
/// <param name="InvokedAt">The time before the call.</param>
/// <param name="ReturnedAt">The time after the call; null if its outcome is unknown. Such a call may take effect at any later time.</param>
/// <param name="Input">The operation and its arguments.</param>
/// <param name="Output">The result; ignored if the outcome is unknown.</param>
public sealed record HistoryOperation<TInput, TOutput>(
    long Process, long InvokedAt, long? ReturnedAt, TInput Input, TOutput? Output = default);
