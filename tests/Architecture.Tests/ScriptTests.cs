using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Actors.Architecture.Tests;

/// <summary>The scripts that users run.</summary>
public sealed class ScriptTests : IDisposable
{
    private static readonly string[] Roles = ["coordinator", "node", "client"];

    private readonly string _directory = Directory.CreateTempSubdirectory("scripts-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("make-secrets", "--help")]
    [InlineData("make-secrets", "-h")]
    [InlineData("make-certificates", "--help")]
    [InlineData("run-cluster", "--help")]
    [InlineData("soak", "--help")]
    [InlineData("pack", "--help")]
    public async Task Script_AskedForHelp_PrintsItsUsageAndCreatesNothing(string script, string option)
    {
        var (exitCode, output, errors) = await RunAsync(script, option);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains($"  scripts/{script} ", output, StringComparison.Ordinal);
        Assert.DoesNotContain('#', output);
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Theory]
    [InlineData("make-secrets", "--unknown")]
    [InlineData("make-secrets", "one", "two")]
    [InlineData("make-certificates", "--unknown", "client")]
    [InlineData("make-certificates", "only-a-directory")]
    [InlineData("make-certificates", "directory", "name=king")]
    [InlineData("run-cluster", "--unknown")]
    [InlineData("pack", "--unknown")]
    [InlineData("pack", "one", "two")]
    public async Task Script_WithABadArgument_ExitsWithTwo(string script, params string[] arguments)
    {
        var (exitCode, output, errors) = await RunAsync(script, arguments);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.NotEmpty(errors);
    }

    [Fact]
    public async Task MakeSecrets_MakesACertificateForEachRole_InAPrivateDirectory()
    {
        var (exitCode, _, errors) = await RunAsync("make-secrets", "secrets");

        Assert.True(exitCode == 0, errors);
        foreach (var (name, role) in new[] { ("coordinator", "coordinator"), ("worker", "node"), ("client", "client") })
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile($"{_directory}/secrets/tls/{name}/tls.crt");
            var names = Encoding.Latin1.GetString(certificate.Extensions.Single(extension => extension.Oid?.Value == "2.5.29.17").RawData);
            Assert.Equal([role], Roles.Where(other => names.Contains($"actors:{other}", StringComparison.Ordinal)));
        }

        if (!OperatingSystem.IsWindows())
            Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode($"{_directory}/secrets"));
    }

    /// <summary>A program of a role must not get the certificate of another.</summary>
    [Theory]
    [InlineData("docker-compose.yml", "coordinator", 3)]
    [InlineData("docker-compose.yml", "worker", 1)]
    [InlineData("scripts/run-cluster", "coordinator", 1)]
    [InlineData("scripts/run-cluster", "worker", 1)]
    public void Programs_HaveTheCertificateOfTheirRole(string file, string role, int times) =>
        Assert.Equal(times, File.ReadAllText(Path.Combine(Repository.Root, file)).Split($"/tls/{role}").Length - 1);

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(string script, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "scripts", script), arguments)
        {
            WorkingDirectory = _directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }
}
