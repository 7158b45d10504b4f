using System.Text.RegularExpressions;

namespace Actors.Architecture.Tests;

public partial class SourceTextTests
{
    private const int LongestFile = 300;

    private static readonly string[] OfRealProcesses = ["EndToEnd.", "Cluster.Tests", "Compose.Tests", "Faults.Tests"];

    [Fact]
    public void SourceFiles_AreShort() =>
        Assert.Empty(Repository.Files("src", ".cs").Where(file => file.Text.Count(sign => sign == '\n') > LongestFile)
            .Select(file => file.Path));

    [Fact]
    public void Files_NameNoMachine()
    {
        var files = Repository.Files(".", ".cs", ".csproj", ".props", ".targets", ".conf", ".md", ".txt", ".json", ".yml", ".yaml", ".sh",
            ".sln", ".ps1");
        Assert.Empty(files.Where(file => MachinePath().IsMatch(file.Text))
            .Select(file => $"{file.Path}: {MachinePath().Match(file.Text)}"));
    }

    /// <summary>
    /// Where real processes are tested, a job that sleeps is a job that takes long: it runs in a worker and nobody waits by it.
    /// </summary>
    [Fact]
    public void Tests_DoNotSleep() => Assert.Empty(Repository.Files("tests", ".cs")
        .Where(file => !OfRealProcesses.Any(real => file.Path.Contains(real, StringComparison.Ordinal)))
        .Where(file => Sleep().IsMatch(file.Text) && !file.Path.EndsWith("SourceTextTests.cs", StringComparison.Ordinal))
            .Select(file => file.Path));

    [GeneratedRegex(@"(?<![\w.:/])/(home|root|Users|work|workspace|mnt)/\w[\w./-]*|[A-Z]:\\\\?Users\\\\?\w+")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"Thread\.Sleep\(")]
    private static partial Regex Sleep();
}
