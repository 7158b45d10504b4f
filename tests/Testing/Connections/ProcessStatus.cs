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
    public static int Sockets(int process) => FindSockets(process).Count();

    /// <summary>Describes the open TCP sockets of a process: addresses, state and queued bytes, as the kernel lists them.</summary>
    public static string DescribeSockets(int process)
    {
        const int Inode = 9;
        var open = FindSockets(process).ToHashSet();
        var lines = new[] { "tcp", "tcp6" }.SelectMany(table => File.ReadLines($"/proc/{process}/net/{table}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => open.Contains($"socket:[{fields[Inode]}]"))
            .Select(fields => string.Join(' ', fields[1..5]));
        return string.Join('\n', lines.Prepend($"{open.Count} sockets"));
    }

    private static IEnumerable<string> FindSockets(int process) => Directory.EnumerateFileSystemEntries($"/proc/{process}/fd")
        .Select(handle => new FileInfo(handle).LinkTarget).OfType<string>()
        .Where(target => target.StartsWith("socket:", StringComparison.Ordinal));
}
