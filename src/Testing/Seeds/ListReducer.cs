namespace Actors.Testing;

/// <summary>
/// Reduces a list for which a test fails to a small one for which it still fails (delta debugging). No single item of the result can be
/// removed, unless the limit of trials was reached.
/// </summary>
internal static class ListReducer
{
    /// <summary>Reduces a list.</summary>
    /// <param name="items">A list for which the test fails.</param>
    /// <param name="failsAsync">Runs the test, and returns whether it fails in the same way. It must be deterministic.</param>
    /// <param name="maxTrials">The largest number of runs of the test.</param>
    /// <typeparam name="T">The type of the items.</typeparam>
    public static async Task<IReadOnlyList<T>> ReduceAsync<T>(
        IReadOnlyList<T> items, Func<IReadOnlyList<T>, Task<bool>> failsAsync, int maxTrials = 500)
    {
        var trials = 0;
        for (var size = items.Count; size > 0 && trials < maxTrials;)
        {
            var smaller = await FindSmallerAsync(size).ConfigureAwait(false);
            if (smaller is not null)
                items = smaller;
            else if (size == 1)
                break;
            size = smaller is null ? (size + 1) / 2 : Math.Min(size, items.Count);
        }

        return items;

        // Tries the list without each run of items of this size.
        async Task<IReadOnlyList<T>?> FindSmallerAsync(int size)
        {
            for (var first = 0; first < items.Count && trials < maxTrials; first += size)
            {
                trials++;
                IReadOnlyList<T> rest = [.. items.Take(first), .. items.Skip(first + size)];
                if (await failsAsync(rest).ConfigureAwait(false))
                    return rest;
            }

            return null;
        }
    }

    /// <summary>Reduces a list with a test that is not asynchronous.</summary>
    /// <inheritdoc cref="ReduceAsync"/>
    public static IReadOnlyList<T> Reduce<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, bool> fails, int maxTrials = 500) =>
        ReduceAsync(items, rest => Task.FromResult(fails(rest)), maxTrials).GetAwaiter().GetResult();
}
