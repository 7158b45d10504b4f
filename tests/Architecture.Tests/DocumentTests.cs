using System.Text.RegularExpressions;
using System.Xml.Linq;
using Actors.Testing;

namespace Actors.Architecture.Tests;

/// <summary>The types, options and tests that the documents name exist.</summary>
public partial class DocumentTests
{
    private static readonly Lazy<IReadOnlyList<string>> Tests = new(() => [.. Repository.Files("tests", ".cs").Select(file => file.Text)]);

    [Theory]
    [InlineData("python/parity.md")]
    [InlineData("python/cpython-tests.md")]
    public void Multiprocessing_NamesTestsThatExist(string document)
    {
        var named = NamedTest().Matches(Text(document));

        Assert.True(named.Count > 80, $"Only {named.Count} tests are named.");
        Assert.Empty(named.Where(IsMissing).Select(test => test.Value));
    }

    [Theory]
    [InlineData("guides/durable-queues.md")]
    [InlineData("guides/reliability.md")]
    [InlineData("guides/security.md")]
    [InlineData("internals/security.md")]
    [InlineData("internals/messages-authority.md")]
    public void Document_NamesTestsThatExist(string document)
    {
        var named = NamedTest().Matches(Text(document));

        Assert.NotEmpty(named);
        Assert.Empty(named.Where(IsMissing).Select(test => test.Value));
    }

    /// <summary>Each limit of an attacker is shown by a test.</summary>
    [Fact]
    public void ThreatModel_EachAttacker_HasTestsThatExist()
    {
        var section = Text("guides/security.md").Split("## Threat model\n")[1].Split("\n## ")[0];
        var rows = section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2).ToList();

        Assert.InRange(rows.Count, 6, 20);
        Assert.All(rows, row =>
        {
            var cells = row.Trim('|', ' ').Split(" | ");
            Assert.Equal(4, cells.Length);
            Assert.NotEmpty(NamedTest().Matches(cells[3]));
            Assert.DoesNotContain(NamedTest().Matches(cells[3]), IsMissing);
        });
    }

    /// <summary>No method of CPython's suite, as of 3.13, is without a test of ours or a reason.</summary>
    [Fact]
    public void CPythonTests_HasAnAnswerForEachMethod()
    {
        var rows = Row().Matches(Text("python/cpython-tests.md"));
        Assert.Equal(231, rows.Select(row => row.Groups[1].Value).Distinct(StringComparer.Ordinal).Count());
        Assert.All(rows, row => Assert.True(row.Groups[2].Value.Trim().Length > 3, row.Value));
    }

    /// <summary>A renamed type is renamed in the pages about the code too.</summary>
    [Fact]
    public void Documents_NameTypesThatExist()
    {
        var types = Repository.Files("src", ".cs").Concat(Repository.Files("tests", ".cs"))
            .SelectMany(file => DeclaredType().Matches(file.Text)).Select(type => type.Groups[1].Value).ToHashSet();
        // Its names are CPython's.
        var pages = Repository.Files("docs", ".md").Where(page => !page.Path.EndsWith("cpython-tests.md", StringComparison.Ordinal));
        var named = pages.SelectMany(page => NamedType().Matches(page.Text).Select(type => (page.Path, Type: type.Groups[1].Value)))
            .ToList();

        Assert.True(named.Count > 150, $"Only {named.Count} types are named.");
        Assert.DoesNotContain(named, name => !types.Contains(name.Type));
    }

    [Fact]
    public void Errors_NamesEveryPublicException()
    {
        var exceptions = new[] { typeof(ProcessPool), typeof(NotCarriedException), typeof(DurableStoreException), typeof(TestPool) }
            .SelectMany(type => type.Assembly.GetExportedTypes())
            .Where(type => type.Namespace is "Actors" or "Actors.Testing" && type.IsSubclassOf(typeof(Exception)))
            .Select(type => type.Name).ToList();
        var page = Text("guides/errors.md");

        Assert.True(exceptions.Count > 20, $"Only {exceptions.Count} exceptions are found.");
        Assert.DoesNotContain(exceptions, name => !page.Contains($"`{name}`", StringComparison.Ordinal));
    }

    [Fact]
    public void Documents_LinkToFilesThatExist()
    {
        var links = Repository.Files(".", ".md")
            .SelectMany(page => Link().Matches(page.Text).Select(link => (page.Path, To: link.Groups[1].Value)))
            .Where(link => !link.To.StartsWith("http", StringComparison.Ordinal))
            .ToList();

        Assert.True(links.Count > 50, $"Only {links.Count} links are found.");
        Assert.DoesNotContain(links, link => !Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(link.Path)!, link.To)));
    }

    [Fact]
    public void Documents_LinkToHeadingsThatExist()
    {
        var pages = Repository.Files(".", ".md").Select(page => (page.Path, Text: CodeBlock().Replace(page.Text, ""))).ToList();
        var anchors = pages.ToDictionary(page => page.Path, page => FindAnchors(page.Text).ToHashSet());
        var links = (
            from page in pages
            from link in AnchorLink().Matches(page.Text)
            let file = link.Groups["file"].Value
            where !file.StartsWith("http", StringComparison.Ordinal)
            let folder = Path.Combine(Repository.Root, Path.GetDirectoryName(page.Path)!)
            let target = file.Length == 0 ? page.Path : Path.GetRelativePath(Repository.Root, Path.GetFullPath(file, folder))
            select (page.Path, Target: target.Replace('\\', '/'), Anchor: link.Groups["anchor"].Value)).ToList();

        Assert.True(links.Count > 50, $"Only {links.Count} links are found.");
        Assert.DoesNotContain(links, link => !anchors[link.Target].Contains(link.Anchor));
    }

    /// <summary>docs/toc.yml is the navigation of the site that scripts/make-site builds.</summary>
    [Fact]
    public void Toc_ListsEveryPage()
    {
        var pages = Repository.Files("docs", ".md").Select(page => page.Path["docs/".Length..]).Where(page => page != "index.md").Order();
        var listed = TocLink().Matches(Text("toc.yml")).Select(link => link.Groups[1].Value).Order();

        Assert.Equal(pages, listed);
    }

    /// <summary>Tables and code may be wider.</summary>
    [Fact]
    public void Documents_Lines_AreShort()
    {
        var texts = Repository.Files("docs", ".md").Select(page => page.Text)
            .Concat([Text("../CONTRIBUTING.md"), Text("../AGENTS.md")]);
        var lines = texts.SelectMany(text => CodeBlock().Replace(text, "").Split('\n'));

        Assert.DoesNotContain(lines, line => line.Length > 120 && !line.TrimStart().StartsWith('|'));
    }

    /// <summary>The anchors of a page: explicit ones, and those that sites make of headings.</summary>
    private static IEnumerable<string> FindAnchors(string text) =>
        ExplicitAnchor().Matches(text).Select(anchor => anchor.Groups[1].Value).Concat(
            Heading().Matches(text).Select(heading =>
                NotInAnchor().Replace(heading.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-')));

    private static bool IsMissing(Match named) => !Tests.Value.Any(text =>
        text.Contains($" class {named.Groups[1].Value}", StringComparison.Ordinal)
        && (named.Groups[2].Length == 0 || text.Contains($" {named.Groups[2].Value}(", StringComparison.Ordinal)));

    [Fact]
    public void Readme_IsShortAndNarrow()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "README.md"));

        Assert.InRange(lines.Length, 1, 120);
        Assert.DoesNotContain(lines, line => line.Length > 120);
    }

    /// <summary>scripts/make-picture made it of a run in which a worker was killed.</summary>
    [Fact]
    public void Readme_ShowsAPictureOfARun()
    {
        var picture = Picture().Match(Text("../README.md")).Groups[1].Value;
        var shown = string.Join('\n', XDocument.Load(Path.Combine(Repository.Root, picture)).Descendants()
            .Where(node => node.Name.LocalName == "text").Select(node => node.Value));

        Assert.StartsWith("$ dotnet run -c Release --project samples/WordCount", shown, StringComparison.Ordinal);
        Assert.Contains("killed worker process", shown, StringComparison.Ordinal);
        Assert.Contains("speed-up", shown, StringComparison.Ordinal);
    }

    private static string Text(string document) => File.ReadAllText(Path.Combine(Repository.Root, "docs", document));

    [GeneratedRegex(@"^\| `(\w+\.test_\w+)` \| (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum) (?:struct |class )?([A-Z]\w*)")]
    private static partial Regex DeclaredType();

    [GeneratedRegex(@"`([A-Z]\w*(?:Actor|State|Protocol|Tests|Schedule|Supervisor|Session|Options))\b")]
    private static partial Regex NamedType();

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\]\((?<file>[^)#\s]*)#(?<anchor>[^)]+)\)")]
    private static partial Regex AnchorLink();

    [GeneratedRegex(@"<a id=""([^""]+)""")]
    private static partial Regex ExplicitAnchor();

    [GeneratedRegex(@"^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"^ *```.*?^ *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"href: (\S+\.md)$", RegexOptions.Multiline)]
    private static partial Regex TocLink();

    [GeneratedRegex(@"!\[[^\]]*\]\(([^)]+\.svg)\)")]
    private static partial Regex Picture();

    [GeneratedRegex(@"`(\w+Tests)(?:\.([A-Z]\w*_\w+))?`")]
    private static partial Regex NamedTest();
}
