using System.Text.RegularExpressions;

namespace Actors.Architecture.Tests;

/// <summary>What the documents say of the code is there.</summary>
public partial class DocumentTests
{
    [Theory]
    [InlineData("python/parity.md")]
    [InlineData("python/cpython-tests.md")]
    public void Multiprocessing_NamesTestsThatExist(string document)
    {
        var tests = Repository.Files("tests", ".cs").Select(file => file.Text).ToList();
        var named = NamedTest().Matches(Text(document));

        Assert.True(named.Count > 80, $"Only {named.Count} tests are named.");
        Assert.Empty(named.Where(test => !tests.Any(text =>
            text.Contains($" class {test.Groups[1].Value}", StringComparison.Ordinal)
            && (test.Groups[2].Length == 0 || tests.Any(other => other.Contains($" class {test.Groups[1].Value}", StringComparison.Ordinal)
                && other.Contains($" {test.Groups[2].Value}(", StringComparison.Ordinal))))).Select(test => test.Value));
    }

    /// <summary>No method of CPython's suite, as of 3.13, is without a test of ours or a reason.</summary>
    [Fact]
    public void CPythonTests_HasAnAnswerForEachMethod()
    {
        var rows = Row().Matches(Text("python/cpython-tests.md"));
        Assert.Equal(231, rows.Select(row => row.Groups[1].Value).Distinct(StringComparer.Ordinal).Count());
        Assert.All(rows, row => Assert.True(row.Groups[2].Value.Trim().Length > 3, row.Value));
    }

    /// <summary>A test runs it: line by line what the README shows, but for the directive that its own namespace makes idle.</summary>
    [Fact]
    public void Readme_BeginsWithCodeThatIsTested()
    {
        var shown = CodeBlock().Match(Text("../README.md")).Groups[1].Value.Replace("using Actors;\n\n", "", StringComparison.Ordinal);
        var test = File.ReadAllLines(Path.Combine(Repository.Root, "tests/EndToEnd.Tests/ReadmeTests.cs")).Select(line => line.Length > 8 ? line[8..] : line);

        Assert.NotEmpty(shown);
        Assert.Contains(shown, string.Join('\n', test), StringComparison.Ordinal);
    }

    private static string Text(string document) => File.ReadAllText(Path.Combine(Repository.Root, "docs", document));

    [GeneratedRegex(@"^\| `(\w+\.test_\w+)` \| (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"`(\w+Tests)(?:\.([A-Z]\w*_\w+))?`")]
    private static partial Regex NamedTest();
}
