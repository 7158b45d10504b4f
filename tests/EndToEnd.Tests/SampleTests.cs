using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>The output and the error messages of the samples.</summary>
public sealed partial class SampleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LongTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WordCount_Json_PrintsTheCountsInOneLine(bool kill)
    {
        var texts = await MakeFilesAsync();

        var run = await RunAsync("WordCount", [_folder.Path, "--processes", "2", "--json", .. kill ? ["--kill"] : Array.Empty<string>()]);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(run.Output.Length - 1, run.Output.IndexOf('\n', StringComparison.Ordinal));
        RequireCounts(run.Output, texts);
        if (kill)
            RequireReplacement(run.Errors);
    }

    [Theory]
    [InlineData(1, "'x:y' is not HOST:PORT", "--connect", "x:y")]
    [InlineData(1, "nothing to count", "--kill")]
    [InlineData(2, "--processes must be a number of at least 1.", "--processes", "0")]
    [InlineData(2, "--processes must be a number of at least 1.", "--processes", "many")]
    [InlineData(2, "no-option", "--no-option")]
    public async Task WordCount_InvalidArguments_PrintsOneErrorLine(int exitCode, string expected, params string[] arguments)
    {
        await File.WriteAllTextAsync(At("empty.txt"), "");

        RequireErrorLine(await RunAsync("WordCount", [_folder.Path, "--json", .. arguments]), exitCode, expected);
    }

    [Fact]
    public async Task WordCount_MissingFolder_PrintsOneErrorLine() =>
        RequireErrorLine(await RunAsync("WordCount", At("nowhere"), "--json"), 2, $"There is no folder {At("nowhere")}.");

    /// <summary>A link to itself is unreadable even for users that may read all files.</summary>
    [Fact]
    public async Task WordCount_UnreadableFile_PrintsOneErrorLine()
    {
        File.CreateSymbolicLink(At("one.txt"), At("other.txt"));
        File.CreateSymbolicLink(At("other.txt"), At("one.txt"));

        RequireErrorLine(await RunAsync("WordCount", _folder.Path, "--json"), 1, ".txt");
    }

    [Fact]
    public async Task Pool_TwoProducers_PrintsAllItems()
    {
        var numbers = Numbers(await RunAsync("Pool"));

        Assert.Equal(Enumerable.Range(1, 5), numbers.Where(number => number < 10));
        Assert.Equal(Enumerable.Range(11, 5), numbers.Where(number => number > 10));
        Assert.Equal(10, numbers.Count);
    }

    /// <summary>
    /// The consumer starts last and nearly always gets the lock last. Otherwise it prints only the items so far, as in Python, and the test
    /// tries again.
    /// </summary>
    [LongFact]
    public async Task ManagedQueue_TwoProducers_PrintsAllItems()
    {
        List<int> first = [.. Enumerable.Range(1, 5)], second = [.. Enumerable.Range(11, 5)];
        List<int>[] possible = [[], first, second, [.. first, .. second], [.. second, .. first]];
        for (var tries = 0; tries < 3; tries++)
        {
            var numbers = Numbers(await RunAsync("ManagedQueue"));
            Assert.Contains(numbers, possible);
            if (numbers.Count == 10)
                return;
        }

        Assert.Fail("The consumer overtook a producer in every attempt.");
    }

    [LongFact]
    public async Task FaultInjection_FindsTheBugAndPassesAllSeeds()
    {
        var run = await RunAsync("FaultInjection");

        Assert.True(run is { ExitCode: 0, Errors: "" }, $"{run.Output}{run.Errors}");
        Assert.Matches(
            @"With the bug: Seed \d+ failed \(repeat with ACTORS_SEED=\d+\)\. .*was charged 2 times\s+Faults that are needed \(1 of",
            run.Output);
        Assert.Contains("Fixed: 200 seeds passed", run.Output, StringComparison.Ordinal);
        Assert.Contains("Real workers: one was killed, and every order was charged once.", run.Output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string sample, params string[] arguments)
    {
        using var program = ClientProgram.Start($"samples/{sample}", $"{sample}.dll", arguments);
        var (output, errors) = (program.Output.ReadToEndAsync(), program.Error.ReadToEndAsync());
        await program.ExitAsync();
        Assert.Empty(Directory.GetDirectories(program.Temp.Path, "actors-*"));
        return (program.ExitCode, await output.Soon(), await errors.Soon());
    }

    private static List<int> Numbers((int ExitCode, string Output, string Errors) run)
    {
        Assert.True(run is { ExitCode: 0, Errors: "" }, $"Exit code {run.ExitCode}. {run.Errors}");
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
            line => int.Parse(line.Replace("get ", "", StringComparison.Ordinal), null))];
    }

    private static void RequireErrorLine((int ExitCode, string Output, string Errors) run, int exitCode, string expected)
    {
        Assert.Equal((exitCode, ""), (run.ExitCode, run.Output));
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Counts with another algorithm than the sample: by a regular expression over whole texts.</summary>
    private static void RequireCounts(string json, IReadOnlyList<string> texts)
    {
        var counts = texts.SelectMany(text => Word().Matches(text)).CountBy(word => word.Value.ToLowerInvariant()).ToList();
        var top = counts.OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.Ordinal).Take(20);

        var given = JsonDocument.Parse(json).RootElement;

        Assert.Equal(["files", "words", "distinct", "top"], given.EnumerateObject().Select(property => property.Name));
        Assert.Equal(texts.Count, given.GetProperty("files").GetInt32());
        Assert.Equal(counts.Sum(word => word.Value), given.GetProperty("words").GetInt32());
        Assert.Equal(counts.Count, given.GetProperty("distinct").GetInt32());
        Assert.Equal(
            top, given.GetProperty("top").EnumerateArray().Select(word => KeyValuePair.Create(word[0].GetString()!, word[1].GetInt32())));
    }

    private static void RequireReplacement(string errors)
    {
        var told = Killed().Match(errors);
        Assert.True(told.Success, errors);
        Assert.NotEqual(told.Groups["victim"].Value, told.Groups["started"].Value);
        Assert.NotEqual(told.Groups["victim"].Value, told.Groups["again"].Value);
    }

    /// <summary>
    /// Creates texts in several scripts; hidden, empty and large files; subfolders and links; a link to a folder, which is not followed;
    /// and a pipe without a writer.
    /// </summary>
    /// <returns>The texts of all files.</returns>
    private async Task<IReadOnlyList<string>> MakeFilesAsync()
    {
        var large = string.Join(' ', Enumerable.Range(0, 200_000).Select(i => i % 3 == 0 ? "слово" : i % 3 == 1 ? "Wörter" : Letters(i)));
        Directory.CreateDirectory(At(".sub/sub"));
        await File.WriteAllTextAsync(
            At("short.txt"), "Straße STRASSE straße, école’s ÉCOLE; 日本語 日本語。λόγος\nΛΌΓΟΣ don't x2y 42 _under_ naïve");
        await File.WriteAllTextAsync(At(".hidden"), "hidden hidden the the the");
        await File.WriteAllTextAsync(At(".sub/sub/below.md"), "THE end");
        await File.WriteAllTextAsync(At("empty.txt"), "");
        await File.WriteAllTextAsync(At("large.txt"), large);
        File.CreateSymbolicLink(At("link.txt"), At("large.txt"));
        Directory.CreateSymbolicLink(At(".sub/up"), _folder.Path);
        using var pipe = Process.Start("mkfifo", At("pipe"));
        await pipe.WaitForExitAsync().Soon();
        var files = new[] { "short.txt", ".hidden", ".sub/sub/below.md", "empty.txt", "large.txt", "link.txt" };
        return [.. await Task.WhenAll(files.Select(file => File.ReadAllTextAsync(At(file)))), ""];
    }

    /// <summary>Spells a number with letters.</summary>
    private static string Letters(int number) => string.Concat($"{number % 1000}".Select(digit => (char)('a' + digit - '0')));

    private string At(string name) => Path.Combine(_folder.Path, name);

    [GeneratedRegex(@"\p{L}+")]
    private static partial Regex Word();

    [GeneratedRegex(
        @"killed worker process (?<victim>\d+) \(exit code -9\) while it counted; process (?<started>\d+) was started, and the job was run "
        + @"again in process (?<again>\d+)")]
    private static partial Regex Killed();
}
