using System.Diagnostics;
using System.Globalization;

namespace Actors.Faults.Tests.Primitives;

/// <summary>Takes the right to open files and sockets from a running process.</summary>
internal static class Descriptors
{
    /// <summary>Fails if this machine cannot change the limits of a running process.</summary>
    public static void Probe()
    {
        using var process = Process.Start("sleep", "60");
        try
        {
            using (Exhaust(process.Id))
            {
                if (ReadLimit(process.Id) != "3")
                    throw new InvalidOperationException("prlimit does not change the limit of a running process.");
            }
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>Lets every attempt of a process to open a file or socket fail until the result is disposed.</summary>
    public static IDisposable Exhaust(int process)
    {
        var before = ReadLimit(process);
        Command.Run("prlimit", "--pid", Text(process), "--nofile=3:");
        // The process may have ended.
        return new Restore(() => Command.TryRun("prlimit", "--pid", Text(process), $"--nofile={before}:"));
    }

    /// <summary>Reads the soft limit.</summary>
    private static string ReadLimit(int process) =>
        Command.Run("prlimit", "--pid", Text(process), "--nofile", "--noheadings", "--raw", "--output", "SOFT").Trim();

    private static string Text(int process) => process.ToString(CultureInfo.InvariantCulture);

    private sealed class Restore(Action restore) : IDisposable
    {
        public void Dispose() => restore();
    }
}
