namespace Actors.Architecture.Tests.Reference;

/// <summary>Every key of config/*.conf with its value and the comment above it. The plans of config/chaos have a guide instead.</summary>
internal static class ConfigurationPage
{
    private const string Plans = "config/chaos/";

    public static ReferencePage Make()
    {
        var page = new ReferencePage("configuration", "Configuration", "the comments of config/*.conf");
        page.AddParagraph("""
            These files are embedded in the assemblies, so a deployed program has no file to edit. The [command line](command-line.md)
            covers the usual settings. To override other keys of a coordinator or worker node, write a file in the same format (HOCON,
            the configuration language of Akka.NET) and pass it with `--config FILE`.
            """);
        page.AddParagraph("Most values were chosen for tested failover times. Change one only with a test of your own.");
        var files = Repository.Files("config", ".conf").Where(file => !file.Path.StartsWith(Plans, StringComparison.Ordinal));
        foreach (var (path, text) in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            page.AddHeading(Path.GetFileName(path));
            var lines = text.Split('\n').Select(line => line.Trim()).ToList();
            var header = lines.TakeWhile(line => line.StartsWith('#')).ToList();
            page.AddParagraph(Join(header));
            page.AddTable(["key", "value", "meaning"], [.. Rows(lines.Skip(header.Count))]);
        }

        return page;
    }

    /// <summary>A row for each key, and for each block with a comment.</summary>
    private static IEnumerable<string[]> Rows(IEnumerable<string> lines)
    {
        var blocks = new Stack<string>();
        List<string> comment = [];
        foreach (var line in lines)
        {
            if (line.StartsWith('#'))
            {
                comment.Add(line);
                continue;
            }

            if (line.EndsWith('{'))
            {
                blocks.Push(line.TrimEnd('{').Trim());
                if (comment.Count > 0)
                    yield return [$"`{PathOf(blocks)}`", "", Join(comment)];
            }
            else if (line == "}")
            {
                blocks.Pop();
            }
            else if (line.Length > 0)
            {
                var (key, value) = Split(line);
                yield return [$"`{PathOf(blocks.Prepend(key))}`", $"`{value}`", Join(comment)];
            }

            comment.Clear();
        }
    }

    private static (string Key, string Value) Split(string line) =>
        line.Split(" = ", 2) is [var key, var value] ? (key, value) : throw new FormatException($"Neither a block nor a key: {line}");

    private static string PathOf(IEnumerable<string> innermostFirst) => string.Join('.', innermostFirst.Reverse());

    private static string Join(IEnumerable<string> comment) => string.Join(' ', comment.Select(line => line.TrimStart('#').Trim()));
}
