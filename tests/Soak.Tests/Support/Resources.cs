using System.Globalization;

namespace Actors.Soak.Tests.Support;

/// <summary>The system resources of a process, from Linux's /proc.</summary>
/// <param name="Descriptors">The number of open files, sockets and pipes.</param>
/// <param name="Threads">The number of threads.</param>
/// <param name="Mappings">The number of mapped memory ranges.</param>
/// <param name="PrivateKilobytes">The memory that is not shared with other processes, in kilobytes.</param>
internal sealed record Resources(int Descriptors, int Threads, int Mappings, long PrivateKilobytes)
{
    /// <summary>Reads the resources of this process after a full garbage collection.</summary>
    public static Resources OfThisProcess()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return Of(Environment.ProcessId);
    }

    /// <summary>Reads the resources of another process.</summary>
    public static Resources Of(int process) => new(
        Directory.GetFileSystemEntries($"/proc/{process}/fd").Length,
        Directory.GetDirectories($"/proc/{process}/task").Length,
        File.ReadLines($"/proc/{process}/maps").Count(),
        File.ReadLines($"/proc/{process}/smaps_rollup")
            .Where(line => line.StartsWith("Private_", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)));

    /// <summary>Returns the minimum of each resource.</summary>
    public Resources LeastWith(Resources other) => new(
        Math.Min(Descriptors, other.Descriptors),
        Math.Min(Threads, other.Threads),
        Math.Min(Mappings, other.Mappings),
        Math.Min(PrivateKilobytes, other.PrivateKilobytes));

    /// <summary>Returns whether the resources have not grown, apart from a tolerance for the runtime.</summary>
    public bool AreFlatSince(Resources before) =>
        Descriptors <= before.Descriptors + 3
        && Threads <= before.Threads + 4
        && Mappings <= before.Mappings + 60
        && PrivateKilobytes <= before.PrivateKilobytes + 12 * 1024;
}
