namespace Actors.Pools;

/// <summary>The errors of a map and the indices of their items.</summary>
internal struct MapErrors
{
    private List<(long Index, Exception Error)>? _errors;

    /// <summary>Whether an error was added.</summary>
    public readonly bool Any => _errors is not null;

    /// <summary>Adds an error.</summary>
    public void Add(long index, Exception error) => (_errors ??= []).Add((index, error));

    /// <summary>Adds errors; at least one.</summary>
    public void AddRange(IEnumerable<(long Index, Exception Error)> errors) => (_errors ??= []).AddRange(errors);

    /// <summary>Fails the task of a map with the errors in item order; awaiting it throws the first. A timeout precedes them.</summary>
    /// <param name="completion">The source of the task.</param>
    /// <param name="early">The reason for canceling the remaining items; null when all have ended.</param>
    /// <returns>True when the task failed.</returns>
    public readonly bool TryFail<T>(TaskCompletionSource<T> completion, Exception? early)
    {
        var errors = (_errors ?? []).OrderBy(item => item.Index).Select(item => item.Error);
        // With FailFast the error that ended the map is among them.
        if (early is JobTimedOutException)
            completion.SetException(errors.Prepend(early));
        else if (_errors is not null)
            completion.SetException(errors);
        else if (early is not null)
            completion.SetException(early);
        return completion.Task.IsCompleted;
    }
}
