using System.Text.RegularExpressions;

namespace Actors.Architecture.Tests;

/// <summary>What the documents say of the code is there.</summary>
public partial class DocumentTests
{
    [Fact]
    public void Multiprocessing_NamesTestsThatExist()
    {
        var tests = Repository.Files("tests", ".cs").Select(file => file.Text).ToList();
        var named = NamedTest().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "multiprocessing.md")));

        Assert.True(named.Count > 80, $"Only {named.Count} tests are named.");
        Assert.Empty(named.Where(test => !tests.Any(text =>
            text.Contains($" class {test.Groups[1].Value}", StringComparison.Ordinal)
            && (test.Groups[2].Length == 0 || tests.Any(other => other.Contains($" class {test.Groups[1].Value}", StringComparison.Ordinal)
                && other.Contains($" {test.Groups[2].Value}(", StringComparison.Ordinal))))).Select(test => test.Value));
    }

    [GeneratedRegex(@"`(\w+Tests)(?:\.(\w+_\w+))?`")]
    private static partial Regex NamedTest();
}
