namespace Actors.Architecture.Tests.Reference;

/// <summary>A page below docs/reference, which is generated from code or files. Lines end with LF.</summary>
internal sealed class ReferencePage
{
    private const string WriteVariable = "ACTORS_WRITE_DOCS";
    private const string WriteCommand = "scripts/make-reference";

    private readonly string _path;
    private readonly List<string> _lines;

    /// <param name="name">The file's name without its ending.</param>
    /// <param name="title">The heading.</param>
    /// <param name="source">The origin of the page, as an object of "generated from".</param>
    public ReferencePage(string name, string title, string source)
    {
        _path = Path.Combine(Repository.Root, "docs", "reference", $"{name}.md");
        _lines = [$"# {title}", "", $"<!-- Generated from {source} by {WriteCommand}. Do not edit. -->"];
    }

    public void AddHeading(string heading) => _lines.AddRange(["", $"## {heading}"]);

    public void AddParagraph(string text) => _lines.AddRange(["", .. Wrap(text)]);

    /// <summary>Adds a table; without rows, nothing.</summary>
    public void AddTable(IReadOnlyList<string> columns, IReadOnlyCollection<string[]> rows)
    {
        if (rows.Count > 0)
            _lines.AddRange(["", Row(columns), Row(columns.Select(_ => "---")), .. rows.Select(Row)]);
    }

    /// <summary>Compares the page with its file, or writes the file when <c>ACTORS_WRITE_DOCS</c> is 1.</summary>
    public void AssertUpToDate()
    {
        var text = string.Join('\n', _lines) + "\n";
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.WriteAllText(_path, text);
        }

        var written = File.Exists(_path) ? File.ReadAllText(_path).ReplaceLineEndings("\n") : "";
        Assert.True(
            written == text,
            $"{Path.GetRelativePath(Repository.Root, _path)} differs from its source. Run {WriteCommand} and commit the page. "
            + FirstDifference(written, text));
    }

    private static string FirstDifference(string written, string text)
    {
        var (old, current) = (written.Split('\n'), text.Split('\n'));
        var at = Enumerable.Range(0, Math.Max(old.Length, current.Length))
            .FirstOrDefault(line => old.ElementAtOrDefault(line) != current.ElementAtOrDefault(line));
        return $"First difference, line {at + 1}: '{old.ElementAtOrDefault(at)}' should be '{current.ElementAtOrDefault(at)}'.";
    }

    private static string Row(IEnumerable<string> cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";

    private static IEnumerable<string> Wrap(string text)
    {
        var line = "";
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length + word.Length >= 120)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
