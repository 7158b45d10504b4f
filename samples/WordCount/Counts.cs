using System.Text.Json;

namespace WordCount;

/// <summary>The number of occurrences of each word.</summary>
internal sealed class Counts(Dictionary<string, long> counts)
{
    private const int TopWords = 20;

    // Words stay readable: this JSON is not embedded in HTML.
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public long Words { get; } = counts.Values.Sum();

    public int Distinct => counts.Count;

    /// <summary>Gets the most frequent words, in descending order; words of equal frequency in alphabetical order.</summary>
    public IEnumerable<KeyValuePair<string, long>> Top => counts
        .OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.Ordinal).Take(TopWords);

    public bool Matches(Counts other) => Distinct == other.Distinct && counts.All(word => other.CountOf(word.Key) == word.Value);

    public string ToJson(int files) => JsonSerializer.Serialize(
        new { files, words = Words, distinct = Distinct, top = Top.Select(word => new object[] { word.Key, word.Value }) },
        Plain);

    private long CountOf(string word) => counts.GetValueOrDefault(word);
}
