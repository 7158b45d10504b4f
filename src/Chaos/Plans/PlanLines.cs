namespace Actors.Chaos.Plans;

/// <summary>Finds the lines of keys in the text of a plan, which the parser does not report.</summary>
/// <param name="text">The text.</param>
internal sealed class PlanLines(string text)
{
    private readonly string[] _lines = text.Split('\n');

    /// <summary>Finds the line of a key, from 1; null if it is not there.</summary>
    /// <param name="key">The key, without the keys above it.</param>
    /// <param name="entry">The index of the entry of the list of faults; null for a key outside of it.</param>
    public int? FindLine(string key, int? entry = null)
    {
        var (list, inList, depth, entries) = (false, 0, 0, -1);
        for (var number = 0; number < _lines.Length; number++)
        {
            var line = RemoveComment(_lines[number]);
            list |= inList == 0 && StartsWithKey(line, "faults");
            foreach (var part in SplitStructure(line))
            {
                if (part == "[" && list && inList == 0)
                    inList = 1;
                else if (part == "]" && inList == 1 && depth == 0)
                    (inList, list) = (0, false);
                else if (part == "{" && inList == 1 && depth++ == 0)
                    entries++;
                else if (part == "}" && inList == 1)
                    depth--;
                else if ((inList == 1 ? entries : null) == entry && StartsWithKey(part, key))
                    return number + 1;
            }
        }

        return null;
    }

    private static bool StartsWithKey(string text, string key)
    {
        var trimmed = text.TrimStart(' ', '\t', ',');
        var rest = trimmed.StartsWith(key, StringComparison.Ordinal) ? trimmed[key.Length..].TrimStart()
            : trimmed.StartsWith($"\"{key}\"", StringComparison.Ordinal) ? trimmed[(key.Length + 2)..].TrimStart()
            : "?";
        // A key of an object ends at its brace, which is the next part.
        return rest.Length == 0 || rest[0] is '=' or ':' or '+';
    }

    private static string RemoveComment(string line)
    {
        var comment = line.IndexOf('#', StringComparison.Ordinal);
        return comment < 0 ? line : line[..comment];
    }

    /// <summary>Splits a line at braces, brackets and commas. Braces and brackets are parts of their own.</summary>
    private static IEnumerable<string> SplitStructure(string line)
    {
        var start = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] is not ('{' or '}' or '[' or ']' or ','))
                continue;
            if (i > start)
                yield return line[start..i];
            if (line[i] != ',')
                yield return line[i].ToString();
            start = i + 1;
        }

        if (start < line.Length)
            yield return line[start..];
    }
}
