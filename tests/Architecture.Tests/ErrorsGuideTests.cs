using System.Text.RegularExpressions;

namespace Actors.Architecture.Tests;

/// <summary>The messages that the guide to errors quotes are those of the source: a reader searches the page for a message.</summary>
public partial class ErrorsGuideTests
{
    private static readonly Lazy<string> Literals = new(() =>
        string.Join('\n', Repository.Files("src", ".cs", ".targets").SelectMany(file => ReadLiterals(file.Text))));

    [Fact]
    public void Errors_QuotesMessages_ExistInTheSource()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/guides/errors.md"));
        var quotes = page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(row => Quote().Matches(row.Split(" | ")[0])).Select(quote => quote.Groups[1].Value).ToList();

        Assert.True(quotes.Count > 100, $"Only {quotes.Count} messages are quoted.");
        Assert.DoesNotContain(quotes, quote => !IsInSource(quote));
    }

    [Theory]
    [InlineData("Pool not running: it was closed", true)]
    [InlineData("The lock was not released within … Wait longer", true)]
    [InlineData("needs a Store when it does not connect to a cluster, such as", true)]
    [InlineData("Pool not running: it was ended", false)]
    public void Quote_InSourceOrNot_IsFoundOrNot(string quote, bool isFound) => Assert.Equal(isFound, IsInSource(quote));

    /// <summary>An ellipsis stands for a value, or for a part that is not quoted.</summary>
    private static bool IsInSource(string quote) =>
        Regex.IsMatch(Literals.Value, string.Join("[^\n]*?", quote.Split('…').Select(Regex.Escape)), RegexOptions.CultureInvariant);

    /// <summary>The lines of a source file from their first string literal on. Literals that are joined by + are one.</summary>
    private static IEnumerable<string> ReadLiterals(string source)
    {
        var joined = Joint().Replace(Comment().Replace(source, ""), "");
        return NameOf().Replace(joined, "$1").Split('\n')
            .Select(line => line.IndexOf('"', StringComparison.Ordinal) is >= 0 and var start ? line[start..] : "")
            .Where(literals => literals.Length > 0);
    }

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quote();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"""\s*\+\s*\$?""")]
    private static partial Regex Joint();

    [GeneratedRegex(@"\{nameof\((?:\w+\.)*(\w+)\)\}")]
    private static partial Regex NameOf();
}
