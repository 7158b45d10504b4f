using System.Text.RegularExpressions;

namespace Actors.Architecture.Tests;

/// <summary>The countable rules of CONTRIBUTING for prose and names.</summary>
public partial class LanguageTests
{
    private const int LongestLine = 140;
    private const double MostOneWordNames = 0.3;

    private static readonly string[] Folders =
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => $"src/{Path.GetFileName(folder)}").Order()];

    /// <summary>Folders outside src/, to which only the rules for lines and prose apply.</summary>
    private static readonly string[] ProseFolders = ["bench", "samples", "tests"];

    private static IEnumerable<(string Path, string Text)> Files => Folders.SelectMany(folder => Repository.Files(folder, ".cs"));

    private static IEnumerable<(string Path, string Text)> ProseFiles =>
        Files.Concat(ProseFolders.SelectMany(folder => Repository.Files(folder, ".cs")))
            .Where(file => !file.Path.EndsWith("LanguageTests.cs", StringComparison.Ordinal));

    /// <summary>Files that are prose, or whose comments are.</summary>
    private static IEnumerable<(string Path, string Text)> Documents =>
        Repository.Files("config", ".conf").Append(("CONTRIBUTING.md", File.ReadAllText(Path.Combine(Repository.Root, "CONTRIBUTING.md"))));

    [Fact]
    public void Lines_AreShort() => Assert.Empty(
        from file in ProseFiles.Concat(Documents)
        from line in file.Text.Split('\n').Index()
        where line.Item.Length > LongestLine
        select $"{file.Path}:{line.Index + 1}: {line.Item.Length} characters");

    /// <summary>A clause such as "what is there" or "whoever waits" hides a noun that a reader would know.</summary>
    [Fact]
    public void Prose_UsesNounsInsteadOfClauses() => Assert.Empty(Matches(ClauseAsNoun()).Concat(
        from document in Documents
        from line in document.Text.Split('\n').Index()
        where ClauseAsNoun().IsMatch(line.Item)
        select $"{document.Path}:{line.Index + 1}: {line.Item.Trim()}"));

    [Fact]
    public void Prose_HasNoFrontedPossessive() => Assert.Empty(Matches(FrontedPossessive()));

    /// <summary>Public methods mirror Python or .NET collections, and overrides have the names of their base class.</summary>
    [Fact]
    public void Methods_AreNamedByVerbAndObject()
    {
        foreach (var folder in Folders)
        {
            var names = Repository.Files(folder, ".cs").SelectMany(file => SourceNames.InternalMethodsOf(file.Text)).ToList();
            var oneWord = names.Where(SourceNames.IsOneWord).ToList();

            Assert.True(
                oneWord.Count <= MostOneWordNames * names.Count,
                $"{folder}: {oneWord.Count} of {names.Count} methods have a one-word name: {string.Join(" ", oneWord.Order())}");
        }
    }

    [Fact]
    public void Types_HaveNamesOfTheirOwn()
    {
        var own = Files.SelectMany(file => SourceNames.TypesOf(file.Path, file.Text)).Select(type => type.Name).ToHashSet();
        var shared = Repository.Files("src", ".cs")
            .SelectMany(file => SourceNames.TypesOf(file.Path, file.Text))
            .Where(type => own.Contains(type.Name))
            .GroupBy(type => type.Name)
            .Where(types => types.Select(type => type.DeclaredIn).Distinct().Count() > 1)
            .Select(types => $"{types.Key}: {string.Join(", ", types.Select(type => type.DeclaredIn).Distinct())}");

        Assert.Empty(shared);
    }

    private static IEnumerable<string> Matches(Regex banned) =>
        from file in ProseFiles
        from line in file.Text.Split('\n').Index()
        let prose = string.Join(' ', Prose().Matches(line.Item).Select(match => match.Value))
        where banned.IsMatch(prose)
        select $"{file.Path}:{line.Index + 1}: {line.Item.Trim()}";

    /// <summary>Comments and string literals.</summary>
    [GeneratedRegex("""//.*|"(?:[^"\\]|\\.)*"?""")]
    private static partial Regex Prose();

    [GeneratedRegex(@"\b(what|whatever|who|whom|whoever)\b", RegexOptions.IgnoreCase)]
    private static partial Regex ClauseAsNoun();

    [GeneratedRegex(@"(?<=[.:] |<\w[^<>]*>)Of (?!course)")]
    private static partial Regex FrontedPossessive();
}
