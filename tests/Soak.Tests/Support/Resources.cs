using System.Globalization;

namespace Actors.Soak.Tests.Support;

/// <summary>What a process has of the system, from Linux's /proc.</summary>
/// <param name="Descriptors">Open files, sockets and pipes.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="Mappings">Ranges of memory that are mapped.</param>
/// <param name="PrivateKilobytes">Memory that it shares with no other process.</param>
internal sealed record Resources(int Descriptors, int Threads, int Mappings, long PrivateKilobytes)
{
    /// <summary>Of this process, after a collection of all that it does not use any more.</summary>
    public static Resources OfThisProcess()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return Of(Environment.ProcessId);
    }

    /// <summary>Of another process.</summary>
    public static Resources Of(int process) => new(
        Directory.GetFileSystemEntries($"/proc/{process}/fd").Length,
        Directory.GetDirectories($"/proc/{process}/task").Length,
        File.ReadLines($"/proc/{process}/maps").Count(),
        File.ReadLines($"/proc/{process}/smaps_rollup")
            .Where(line => line.StartsWith("Private_", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)));

    /// <summary>The lesser of each.</summary>
    public Resources LeastWith(Resources other) => new(
        Math.Min(Descriptors, other.Descriptors),
        Math.Min(Threads, other.Threads),
        Math.Min(Mappings, other.Mappings),
        Math.Min(PrivateKilobytes, other.PrivateKilobytes));

    /// <summary>Whether these are at most as many as before, but for what the runtime takes by itself in so much time.</summary>
    public bool AreFlatSince(Resources before) =>
        Descriptors <= before.Descriptors + 3
        && Threads <= before.Threads + 4
        && Mappings <= before.Mappings + 60
        && PrivateKilobytes <= before.PrivateKilobytes + 12 * 1024;
}
