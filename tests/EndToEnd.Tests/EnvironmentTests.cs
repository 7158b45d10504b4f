using System.Diagnostics;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public sealed class EnvironmentTests
{
    [Fact]
    public async Task ProgramStartedByAJob_Environment_HasNoWorkerSettings()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { MaxMemoryPerWorker = 1L << 30 });

        var (jobs, isServer) = await own.Pool.ApplyAsync(() => (SettingsOfAProgram(), System.Runtime.GCSettings.IsServerGC)).Soon();

        Assert.Equal(SettingsOfAProgram(), jobs);
        Assert.False(isServer);
    }

    [Fact]
    public async Task Environment_OfThePool_IsSeenByJobsAndTheirPrograms()
    {
        Environment.SetEnvironmentVariable("ACTORS_TEST_INHERITED", "inherited");
        Environment.SetEnvironmentVariable("ACTORS_TEST_REMOVED", "removed");
        var variables = new Dictionary<string, string?> { ["ACTORS_TEST_ADDED"] = "ä=1\n", ["ACTORS_TEST_REMOVED"] = null };
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Environment = variables });

        var seen = await own.Pool.ApplyAsync(() => (
            Environment.GetEnvironmentVariable("ACTORS_TEST_INHERITED"), Environment.GetEnvironmentVariable("ACTORS_TEST_ADDED"),
            Environment.GetEnvironmentVariable("ACTORS_TEST_REMOVED"), SettingsOfAProgram())).Soon();

        Assert.Equal(("inherited", "ä=1\n", null), (seen.Item1, seen.Item2, seen.Item3));
        Assert.Contains("ACTORS_TEST_ADDED=ä=1", seen.Item4, StringComparison.Ordinal);
        Assert.DoesNotContain("ACTORS_TEST_REMOVED", seen.Item4, StringComparison.Ordinal);
        Assert.Null(Environment.GetEnvironmentVariable("ACTORS_TEST_ADDED"));
    }

    [Fact]
    public async Task Environment_SettingOfDotNet_ActsInTheWorker()
    {
        var variables = new Dictionary<string, string?> { ["DOTNET_gcConcurrent"] = "1", ["DOTNET_GCgen0size"] = "4000000" };
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Environment = variables });

        var latency = await own.Pool.ApplyAsync(() => System.Runtime.GCSettings.LatencyMode).Soon();

        Assert.Equal(System.Runtime.GCLatencyMode.Interactive, latency);
    }

    [Fact]
    public async Task WorkingDirectory_OfThePool_IsThatOfItsWorkers()
    {
        var directory = Directory.CreateTempSubdirectory("actors-test").FullName;
        try
        {
            await using var own = await TestPool.StartAsync(1, new PoolOptions { WorkingDirectory = directory });

            Assert.Equal(directory, await own.Pool.ApplyAsync(() => Environment.CurrentDirectory).Soon());
            Assert.NotEqual(directory, Environment.CurrentDirectory);
        }
        finally
        {
            Directory.Delete(directory);
        }
    }

    [Fact]
    public async Task WorkingDirectory_DoesNotExist_FailsThePoolWithTheRemedy()
    {
        await using var own = await TestPool.StartAsync(1, new PoolOptions { WorkingDirectory = "/no/such/directory" });

        var failure = await Assert.ThrowsAsync<PoolFailedException>(() => own.Pool.ApplyAsync(() => 1).Task.Soon());

        Assert.Contains("The working directory '/no/such/directory'", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("PoolOptions.WorkingDirectory", failure.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A program names the first patch of its framework, and only a later one is installed.</summary>
    [Fact]
    public async Task Framework_IsNotInstalled_FailsThePoolWithItsName()
    {
        var exact = new Dictionary<string, string?> { ["DOTNET_ROLL_FORWARD"] = "Disable" };
        await using var own = await TestPool.StartAsync(1, new PoolOptions { Environment = exact });

        var failure = await Assert.ThrowsAsync<PoolFailedException>(() => own.Pool.ApplyAsync(() => 1).Task.Soon());

        Assert.Contains(
            $"The program needs the framework Microsoft.NETCore.App {Environment.Version.ToString(2)}.0 (rollForward Disable), and worker "
            + $"node {Environment.MachineName} has ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("https://aka.ms/dotnet/download", failure.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string?> InvalidVariables => new()
    {
        { "", "value" },
        { "A=B", "value" },
        { "A\0", "value" },
        { "A", "a\0b" },
        { "ACTORS_EXECUTOR_PREVIOUS", "value" },
        { "A", new string('x', 200_000) },
    };

    [Theory]
    [MemberData(nameof(InvalidVariables))]
    public async Task Environment_InvalidVariable_IsRefused(string name, string? value) => await Assert.ThrowsAsync<ArgumentException>(
        () => ProcessPool.StartAsync(1, options: new PoolOptions { Environment = new Dictionary<string, string?> { [name] = value } }));

    [Fact]
    public async Task WorkingDirectory_RelativePath_IsRefused() => await Assert.ThrowsAsync<ArgumentException>(
        () => ProcessPool.StartAsync(1, options: new PoolOptions { WorkingDirectory = "data" }));

    /// <summary>Returns the environment variables of the runtime and of this library that a child program inherits.</summary>
    private static string SettingsOfAProgram()
    {
        using var program = Process.Start(new ProcessStartInfo("/usr/bin/env") { RedirectStandardOutput = true })!;
        var lines = program.StandardOutput.ReadToEnd().Split('\n');
        program.WaitForExit();
        return string.Join('\n', lines.Where(IsSetting).Order(StringComparer.Ordinal));
    }

    private static bool IsSetting(string line) =>
        line.StartsWith("DOTNET_", StringComparison.Ordinal) || line.StartsWith("ACTORS_", StringComparison.Ordinal);
}
