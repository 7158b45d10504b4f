using System.Text.Json;

namespace WordCount;

/// <summary>The words of everything counted so far.</summary>
internal sealed class Counts
{
    private const int TopWords = 20;

    // Words as they are: nobody puts this JSON into a page.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, long> _counts = [];

    public long Words { get; private set; }

    public int Distinct => _counts.Count;

    /// <summary>The most frequent first, equal ones by the word.</summary>
    public IEnumerable<KeyValuePair<string, long>> Top => _counts
        .OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.Ordinal).Take(TopWords);

    public void Add(Dictionary<string, int> piece)
    {
        foreach (var (word, count) in piece)
        {
            _counts[word] = _counts.GetValueOrDefault(word) + count;
            Words += count;
        }
    }

    public bool SameAs(Counts other) =>
        Words == other.Words && Distinct == other.Distinct && _counts.All(word => other._counts.GetValueOrDefault(word.Key) == word.Value);

    public string ToJson(int files) => JsonSerializer.Serialize(
        new { files, words = Words, distinct = Distinct, top = Top.Select(word => new object[] { word.Key, word.Value }) },
        Plain);
}
