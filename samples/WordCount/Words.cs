using System.Runtime.InteropServices;
using System.Text;

namespace WordCount;

/// <summary>Counts words. A word is a sequence of Unicode letters, in lower case.</summary>
internal static class Words
{
    /// <summary>Counts the words of a piece of UTF-8 text. Runs in the worker processes.</summary>
    public static Dictionary<string, long> Count(ReadOnlySpan<byte> utf8)
    {
        var counts = new Dictionary<string, long>();
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> word = stackalloc char[256];
        var length = 0;
        List<char>? longWord = null;
        for (var rest = utf8; !rest.IsEmpty;)
        {
            Rune.DecodeFromUtf8(rest, out var rune, out var bytes);
            rest = rest[bytes..];
            if (Rune.IsLetter(rune))
            {
                if (length + 2 > word.Length)
                {
                    (longWord ??= []).AddRange(word[..length]);
                    length = 0;
                }

                length += Rune.ToLowerInvariant(rune).EncodeToUtf16(word[length..]);
            }
            else if (length > 0 || longWord is not null)
            {
                Add(lookup, word[..length], ref longWord);
                length = 0;
            }
        }

        if (length > 0 || longWord is not null)
            Add(lookup, word[..length], ref longWord);
        return counts;
    }

    /// <summary>Adds counts to a total. Runs in the worker processes and, for the results of their chunks, in the client.</summary>
    public static Dictionary<string, long> Merge(Dictionary<string, long> total, Dictionary<string, long> more)
    {
        foreach (var (word, count) in more)
            CollectionsMarshal.GetValueRefOrAddDefault(total, word, out _) += count;
        return total;
    }

    private static void Add(
        Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> counts, ReadOnlySpan<char> word, ref List<char>? longWord)
    {
        if (longWord is not null)
        {
            longWord.AddRange(word);
            word = CollectionsMarshal.AsSpan(longWord);
            longWord = null;
        }

        CollectionsMarshal.GetValueRefOrAddDefault(counts, word, out _)++;
    }
}
