using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Actors.Attack.Tests.Fuzzing;

/// <summary>Starts <see cref="FuzzProgram"/> with limits of memory and time, and reports the input of a crash.</summary>
internal static class FuzzProcess
{
    private const long HeapLimit = 256 << 20;
    private const string DefaultSeed = "20261129";

    /// <summary>The environment variable for the number of inputs over all targets; the quick suite reads few.</summary>
    public const string InputsVariable = "ACTORS_FUZZ";

    /// <summary>The environment variable for the seed.</summary>
    public const string SeedVariable = "ACTORS_FUZZ_SEED";

    /// <summary>Gets whether the soak runs these tests.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable(InputsVariable) is not null;

    public static string Seed => Environment.GetEnvironmentVariable(SeedVariable)
        ?? (IsLong ? Random.Shared.Next().ToString(CultureInfo.InvariantCulture) : DefaultSeed);

    /// <summary>Returns the number of inputs for each target of a group.</summary>
    /// <param name="quick">The number in the quick suite.</param>
    public static int InputsEach(int quick) => Environment.GetEnvironmentVariable(InputsVariable) is { } all
        ? (int)Math.Max(quick, long.Parse(all, CultureInfo.InvariantCulture) / FuzzTargets.All.Count + 1)
        : quick;

    /// <summary>Reads malformed bytes with the targets whose names begin with a prefix.</summary>
    public static FuzzReport Run(string targets, int inputs)
    {
        var seed = Seed;
        var directory = Directory.CreateTempSubdirectory("fuzz-");
        try
        {
            var path = Path.Combine(directory.FullName, "report");
            using var process = Start(path, seed, inputs, targets);
            var error = process.StandardError.ReadToEndAsync();
            var isTimely = process.WaitForExit(IsLong ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(3));
            if (!isTimely)
                process.Kill();
            process.WaitForExit();
            Assert.True(isTimely && process.ExitCode == 0,
                $"Seed {seed}: exit code {process.ExitCode} {(isTimely ? "" : "after a timeout ")}"
                + $"at {Position(path)}.\n{Last(error.Result)}");
            return JsonSerializer.Deserialize<FuzzReport>(File.ReadAllText(path))!;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static Process Start(string path, string seed, int inputs, string targets)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardError = true,
            ArgumentList =
            {
                typeof(FuzzProcess).Assembly.Location, path, seed, inputs.ToString(CultureInfo.InvariantCulture), targets,
            },
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit.ToString("x", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>Returns the last input of an ended process.</summary>
    private static string Position(string path)
    {
        var progress = File.ReadAllBytes($"{path}.progress");
        return $"{FuzzTargets.All[(int)BitConverter.ToInt64(progress)].Name} input {BitConverter.ToInt64(progress, sizeof(long))}";
    }

    private static string Last(string text) => text.Length > 4000 ? text[^4000..] : text;
}
