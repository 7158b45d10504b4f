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
