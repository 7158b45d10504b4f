using System.Globalization;

namespace Actors.Testing;

/// <summary>Reads the state of a running process from Linux's /proc.</summary>
internal static class ProcessStatus
{
    /// <summary>Returns the resident memory of a process.</summary>
    public static long ResidentBytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Returns the number of open sockets of a process.</summary>
    public static int Sockets(int process) => Directory.EnumerateFileSystemEntries($"/proc/{process}/fd")
        .Count(handle => new FileInfo(handle).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
}
