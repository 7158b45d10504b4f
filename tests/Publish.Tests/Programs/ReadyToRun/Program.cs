using System.Runtime.InteropServices;
using Actors;

// Prints whether the program and its workers use the ReadyToRun images of the package.
await using var pool = await ProcessPool.StartAsync(1);
var worker = await pool.ApplyAsync(Images.AreUsed);
Console.WriteLine($"program: {Images.AreUsed()}, worker: {worker}");

internal static class Images
{
    public static bool AreUsed() => typeof(ProcessPool).Assembly.Location.Contains(
        Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier), StringComparison.Ordinal);
}
