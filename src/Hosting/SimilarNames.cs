using Actors.Runtime;

namespace Actors.Hosting;

/// <summary>Finds misspelled names.</summary>
internal static class SimilarNames
{
    private const int MaxEdits = 2;

    /// <summary>Whether a name may be a misspelling of another: at most two letters differ, are missing or are added.</summary>
    public static bool AreSimilar(string one, string other)
    {
        var edits = EditDistance.CountEdits(one, other);
        return edits <= MaxEdits && edits < Math.Min(one.Length, other.Length);
    }
}
