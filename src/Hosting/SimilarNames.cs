namespace Actors.Hosting;

/// <summary>Finds misspelled names.</summary>
internal static class SimilarNames
{
    private const int MaxEdits = 2;

    /// <summary>Whether a name may be a misspelling of another: at most two letters differ, are missing or are added.</summary>
    public static bool AreSimilar(string one, string other)
    {
        var edits = CountEdits(one.ToUpperInvariant(), other.ToUpperInvariant());
        return edits <= MaxEdits && edits < Math.Min(one.Length, other.Length);
    }

    /// <summary>Counts the letters that must be replaced, removed or added (Levenshtein), a row of the table at a time.</summary>
    private static int CountEdits(string one, string other)
    {
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
