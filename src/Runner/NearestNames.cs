namespace Actors.Runner;

/// <summary>Orders names by their similarity to a misspelled one.</summary>
internal static class NearestNames
{
    /// <summary>Orders items by the number of letters that must be inserted, removed or replaced. Upper and lower case are equal.</summary>
    /// <param name="items">The items.</param>
    /// <param name="getName">Gets the name of an item.</param>
    /// <param name="misspelled">The misspelled name.</param>
    public static IEnumerable<T> OrderByDistance<T>(IEnumerable<T> items, Func<T, string> getName, string misspelled) =>
        items.OrderBy(item => ComputeDistance(getName(item).ToUpperInvariant(), misspelled.ToUpperInvariant()))
            .ThenBy(getName, StringComparer.Ordinal);

    /// <summary>Computes the Levenshtein distance, row by row.</summary>
    private static int ComputeDistance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
