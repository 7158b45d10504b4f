namespace Actors.Checkers;

/// <summary>
/// Decides whether a history of concurrent operations could have been executed one by one, each at a moment between its begin and its end.
/// The search is that of Wing and Gong with the memory of visited states of Lowe. Check each key of a dictionary as a history of its
/// own: the time grows steeply with the number of concurrent operations.
/// </summary>
public static class LinearizabilityChecker
{
    /// <summary>Returns a description of the violation; null if the history is linearizable.</summary>
    public static string? FindViolation<TState, TInput, TOutput>(
        IReadOnlyList<HistoryOperation<TInput, TOutput>> history, ISequentialModel<TState, TInput, TOutput> model)
        where TState : IEquatable<TState>
    {
        var search = new LinearizationSearch<TState, TInput, TOutput>(history, model);
        return search.TryLinearize() ? null : search.DescribeFailure();
    }

    /// <summary>Checks each part of a history on its own, for example each key of a dictionary.</summary>
    public static IEnumerable<string> FindViolations<TKey, TState, TInput, TOutput>(
        IReadOnlyList<HistoryOperation<TInput, TOutput>> history, Func<TInput, TKey> partitionBy,
        ISequentialModel<TState, TInput, TOutput> model)
        where TState : IEquatable<TState> =>
        from part in history.GroupBy(operation => partitionBy(operation.Input))
        let violation = FindViolation([.. part], model)
        where violation is not null
        select $"Part '{part.Key}': {violation}";
}
