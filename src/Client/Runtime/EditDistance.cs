namespace Actors.Runtime;

/// <summary>Measures how much two names differ, to find misspelled ones.</summary>
internal static class EditDistance
{
    /// <summary>
    /// Counts the letters that must be replaced, removed or added to make one name of another (Levenshtein), a row of the table at a time.
    /// Upper and lower case are equal.
    /// </summary>
    public static int CountEdits(string one, string other)
    {
        (one, other) = (one.ToUpperInvariant(), other.ToUpperInvariant());
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = one[i - 1] == other[j - 1] ? diagonal : diagonal + 1;
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
