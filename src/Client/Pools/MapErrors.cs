namespace Actors.Pools;

/// <summary>The errors of a map and the indices of their items.</summary>
internal struct MapErrors
{
    private List<(long Index, Exception Error)>? _errors;

    /// <summary>Whether there is any.</summary>
    public readonly bool Any => _errors is not null;

    /// <summary>Adds an error.</summary>
    public void Add(long index, Exception error) => (_errors ??= []).Add((index, error));

    /// <summary>Adds errors; at least one.</summary>
    public void AddRange(IEnumerable<(long Index, Exception Error)> errors) => (_errors ??= []).AddRange(errors);

    /// <summary>Fails the task of a map with the errors in the order of the items; awaiting it throws the first. A timeout goes before them.</summary>
    /// <param name="completion">The source of the task.</param>
    /// <param name="early">Why the remaining items were cancelled; null when all have ended.</param>
    /// <returns>Whether there was anything to fail with.</returns>
    public readonly bool TryFail<T>(TaskCompletionSource<T> completion, Exception? early)
    {
        var errors = (_errors ?? []).OrderBy(item => item.Index).Select(item => item.Error);
        // With FailFast the error that ended the map is among them.
        if (early is JobTimedOutException)
            completion.SetException(errors.Prepend(early));
        else if (_errors is not null)
            completion.SetException(errors);
        return completion.Task.IsCompleted;
    }
}
