using System.Globalization;

namespace Actors.Testing;

/// <summary>The status of a running process on Linux.</summary>
internal static class ProcessStatus
{
    /// <summary>Gets its resident memory.</summary>
    public static long ResidentBytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>The number of its open sockets.</summary>
    public static int Sockets(int process) => Directory.EnumerateFileSystemEntries($"/proc/{process}/fd")
        .Count(handle => new FileInfo(handle).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
}
