using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Actors.Cli.Diagnosing;
using Actors.Cli.Tests.Running;
using Actors.Programs;
using Actors.Testing.Storage;

namespace Actors.Cli.Tests;

/// <summary>The command <c>doctor</c>, with faults made for each test.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    private static string FreePort => $"{RunningCluster.FindFreePort()}";

    [Fact]
    public async Task Doctor_HealthyMachine_StartsAWorkerAndExitsWithZero()
    {
        var answer = (await Tool.RunAsync("doctor", "--json", "--port", FreePort)).ReadJson();

        Assert.Equal(0, answer.GetProperty("problems").GetInt32());
        Assert.Matches(@"^passed: started and ended in \d+ ms$", FindMessage(answer, "worker"));
        Assert.All(
            (string[])["runtime", "temporary directory", "descriptors", "key"],
            check => Assert.StartsWith("passed: ", FindMessage(answer, check), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/nonexistent", "there is no such directory. Create it, or set TMPDIR to")]
    [InlineData("/proc", "or set TMPDIR to")]
    public async Task Doctor_UnusableTemporaryDirectory_ExitsWithOneAndNamesTheRemedy(string directory, string remedy) =>
        await RequireProblemAsync("temporary directory", remedy, "TMPDIR", directory);

    [Fact]
    public async Task Doctor_TooLongTemporaryDirectory_ExitsWithOneAndNamesTheRemedy() =>
        await RequireProblemAsync("temporary directory", "or set TMPDIR to", "TMPDIR", $"/tmp/{new string('x', 5000)}");

    [MountTheory]
    [InlineData("TMPDIR", "temporary directory", "Free some space, or set TMPDIR to")]
    [InlineData("ACTORS_SHARED_MEMORY_DIRECTORY", "shared memory", "or set ACTORS_SHARED_MEMORY_DIRECTORY to")]
    public async Task Doctor_FullDirectory_NamesTheRemedy(string variable, string check, string remedy)
    {
        using var full = new SmallFileSystem(64 << 10);
        full.Fill();

        var run = await Tool.RunProcessAsync(new() { [variable] = full.Path }, "doctor", "--json", "--port", FreePort);

        Assert.Contains(remedy, FindMessage(run.ReadJson(run.ExitCode), check), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_PortInUse_ExitsWithOneAndNamesTheRemedy()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var answer = (await Tool.RunAsync("doctor", "--json", "--port", $"{port}")).ReadJson(ExitCode.Failure);

        Assert.StartsWith("problem: Another program listens on it.", FindMessage(answer, $"port {port}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, false, ExitCode.Failure, "problem: The certificate CN=a has expired on")]
    [InlineData(1, true, ExitCode.Failure, "problem: The certificate CN=a is not signed by an authority in ca.crt for both")]
    [InlineData(2, false, ExitCode.Success, "warning: The certificate CN=a expires on")]
    [InlineData(20, false, ExitCode.Failure, "problem: The certificate CN=a is not valid before")]
    public async Task Doctor_Certificate_IsJudged(int days, bool isForServersOnly, int exitCode, string message)
    {
        var directory = _certificates.Make("a", days, isForServersOnly);

        var run = await Tool.RunAsync("doctor", "--json", "--port", FreePort, "--tls", directory);

        Assert.StartsWith(message, FindMessage(run.ReadJson(exitCode), "certificates"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_MissingCertificatesAndKey_AreBothReported()
    {
        var directory = _certificates.Make("incomplete");
        File.Delete(Path.Combine(directory, "tls.key"));

        var answer = (await Tool.RunAsync(
            "doctor", "--json", "--port", FreePort, "--tls", directory, "--key-file", Path.Combine(directory, "key")))
            .ReadJson(ExitCode.Failure);

        Assert.Equal("2 problems would stop a pool.", answer.GetProperty("verdict").GetString());
        Assert.Contains("It must hold tls.crt, tls.key and ca.crt.", FindMessage(answer, "certificates"), StringComparison.Ordinal);
        Assert.Contains("Check --key-file or ACTORS_KEY_FILE.", FindMessage(answer, "key"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(320, 4, FindingLevel.Passed)]
    [InlineData(319, 4, FindingLevel.Problem)]
    public void CompareDescriptors_HardLimit_IsComparedWithTheNeed(int limit, int workers, object level)
    {
        var limits = $"Limit   Soft Limit   Hard Limit   Units\nMax open files    10    {limit}    files\n";

        var finding = RuntimeChecks.CompareDescriptors(limits, workers);

        Assert.Equal(level, finding.Level);
        Assert.Equal((FindingLevel)level == FindingLevel.Problem, finding.Message.Contains("ulimit -Hn 320", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Doctor_TextAnswer_HasALineForEachCheckAndTheVerdict()
    {
        var run = await Tool.RunAsync("doctor", "--port", FreePort);

        Assert.Matches(@"(?m)^ok +temporary directory +\S+", run.Answer);
        Assert.EndsWith("Nothing here would stop a pool.", run.Answer.TrimEnd(), StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => _certificates.Dispose();

    private static async Task RequireProblemAsync(string check, string remedy, string variable, string value)
    {
        var run = await Tool.RunProcessAsync(new() { [variable] = value }, "doctor", "--json", "--port", FreePort);

        var message = FindMessage(run.ReadJson(ExitCode.Failure), check);
        Assert.StartsWith("problem: ", message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
    }

    /// <summary>Finds the level and the message of a check in the answer of the command.</summary>
    internal static string FindMessage(JsonElement answer, string check)
    {
        var finding = answer.GetProperty("findings").EnumerateArray().Single(one => one.GetProperty("check").GetString() == check);
        return $"{finding.GetProperty("level").GetString()}: {finding.GetProperty("message").GetString()}";
    }
}
