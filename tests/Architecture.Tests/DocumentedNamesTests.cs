using System.Text.RegularExpressions;

namespace Actors.Architecture.Tests;

/// <summary>The pages for contributors name code that exists: a renamed type or moved file is renamed there too.</summary>
public partial class DocumentedNamesTests
{
    private static readonly Lazy<HashSet<string>> Names = new(() =>
    [
        .. Code.SelectMany(file => Identifier().Matches(SourceNames.Unquoted(file.Text)).Select(name => name.Value)),
        // Parts of a type are in files such as PoolState.Ending.cs.
        .. Code.SelectMany(file => Path.GetFileName(file.Path).Split('.')),
        .. typeof(object).Assembly.GetExportedTypes().Select(type => type.Name),
    ]);

    public static TheoryData<string> Pages =>
        [.. Repository.Files("docs/internals", ".md").Concat(Repository.Files("docs/adr", ".md")).Select(page => page.Path), "AGENTS.md"];

    private static IEnumerable<(string Path, string Text)> Code =>
        new[] { "src", "tests", "bench", "samples" }.SelectMany(folder => Repository.Files(folder, ".cs"));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_NamesCode_ExistsInTheSource(string page)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, page));
        var spans = CodeSpan().Matches(CodeBlock().Replace(text, "")).Select(span => span.Groups[1].Value)
            .Where(span => !Path.Exists(Path.Combine(Repository.Root, span))).Select(span => span.Split('/')[^1])
            .Where(span => Member().IsMatch(span)).SelectMany(span => Identifier().Matches(span).Select(name => name.Value));
        // Diagrams too.
        var actors = ActorName().Matches(text).Select(name => name.Value);

        Assert.DoesNotContain(spans.Concat(actors), name => !Placeholder().IsMatch(name) && !Names.Value.Contains(name));
    }

    [Fact]
    public void Agents_NamesPaths_ExistInTheRepository()
    {
        var files = Repository.Files("src", ".cs", ".txt").Select(file => file.Path).ToList();
        var text = File.ReadAllText(Path.Combine(Repository.Root, "AGENTS.md"));
        var named = SourcePath().Matches(text).Select(path => path.Groups[1].Value)
            .Where(path => !path.Split('/', '.').Any(part => Placeholder().IsMatch(part))).ToList();

        Assert.True(named.Count > 30, $"Only {named.Count} paths are named.");
        Assert.DoesNotContain(named, path => !Path.Exists(Path.Combine(Repository.Root, path)) && !files.Exists(Pattern(path).IsMatch));
    }

    [Fact]
    public void Overview_Diagram_HasEveryActor()
    {
        var actors = Repository.Files("src", ".cs").SelectMany(file => ActorClass().Matches(file.Text))
            .Select(type => type.Groups[1].Value);
        var overview = File.ReadAllText(Path.Combine(Repository.Root, "docs/internals/overview.md"));
        var named = Identifier().Matches(overview).Select(name => name.Value).ToHashSet();

        Assert.DoesNotContain(actors, actor => !named.Contains(actor));
    }

    /// <summary>A star or an ellipsis stands for a part of a name.</summary>
    private static Regex Pattern(string path) => new($"^{Regex.Replace(Regex.Escape(path), @"\\\*|…", "[^/]*")}$");

    [GeneratedRegex(@"\b[A-Z]\w*")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^[A-Z]\w*(\.[A-Z]\w*)*(<[\w, ]+>)?(\(.*\))?(\.cs)?$")]
    private static partial Regex Member();

    [GeneratedRegex(@"`([^`\n]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\b[A-Z]\w+(?:Actor|Protocol|State|Supervisor)\b")]
    private static partial Regex ActorName();

    [GeneratedRegex(@"^(?:internal|public) (?:sealed |partial )*class (\w+(?:Actor|Supervisor))\b", RegexOptions.Multiline)]
    private static partial Regex ActorClass();

    /// <summary>In recipes an X stands for a name. Names in capitals are those of signals and variables.</summary>
    [GeneratedRegex(@"^X[A-Z]|^x$|X$|^CreateX|^[A-Z0-9_]+$")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"`((?:src|tests|docs|config|scripts|samples|bench)/[^`\s]*)`")]
    private static partial Regex SourcePath();
}
