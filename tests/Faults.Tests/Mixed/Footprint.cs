using System.Globalization;

namespace Actors.Faults.Tests.Mixed;

/// <summary>The resources of a process.</summary>
/// <param name="Descriptors">
/// The number of open files, sockets and pipes. Program libraries do not count: the runtime opens each at its first use and keeps it open.
/// </param>
/// <param name="Sockets">The number of sockets among them.</param>
/// <param name="Threads">The number of threads.</param>
/// <param name="PrivateKilobytes">The memory that it does not share, in kilobytes.</param>
internal sealed record Footprint(int Descriptors, int Sockets, int Threads, long PrivateKilobytes)
{
    /// <summary>The growth that is no leak: connections of others that have just ended or begun, and threads of the runtime.</summary>
    private const int MoreDescriptors = 12;

    private const int MoreThreads = 8;

    /// <summary>The heap of a program under load changes between two garbage collections by some tens of megabytes.</summary>
    private const long MoreKilobytes = 48 * 1024;

    /// <summary>Reads the resources of a process.</summary>
    public static Footprint Read(int process)
    {
        var targets = Directory.GetFileSystemEntries($"/proc/{process}/fd").Select(entry => new FileInfo(entry).LinkTarget ?? "").ToList();
        return new Footprint(
            targets.Count(target => !target.EndsWith(".dll", StringComparison.Ordinal)),
            targets.Count(target => target.StartsWith("socket:", StringComparison.Ordinal)),
            Directory.GetDirectories($"/proc/{process}/task").Length,
            File.ReadLines($"/proc/{process}/smaps_rollup")
                .Where(line => line.StartsWith("Private_", StringComparison.Ordinal))
                .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)));
    }

    /// <summary>Reads the minimum of each resource over some time, so that resources that are being released do not count.</summary>
    public static async Task<Footprint> ReadLowestAsync(int process, TimeSpan time)
    {
        var lowest = Read(process);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var end = Environment.TickCount64 + time.TotalMilliseconds; Environment.TickCount64 < end; await timer.WaitForNextTickAsync())
        {
            if (process == Environment.ProcessId)
                CollectGarbage();
            lowest = lowest.LeastWith(Read(process));
        }

        return lowest;
    }

    /// <summary>Describes the growth since a moment that is more than the tolerance; null for none.</summary>
    public string? DescribeGrowth(Footprint before)
    {
        var isFlat = Descriptors <= before.Descriptors + MoreDescriptors && Sockets <= before.Sockets + MoreDescriptors
            && Threads <= before.Threads + MoreThreads && PrivateKilobytes <= before.PrivateKilobytes + MoreKilobytes;
        return isFlat ? null : $"before: {before}; after: {this}";
    }

    private Footprint LeastWith(Footprint other) => new(
        Math.Min(Descriptors, other.Descriptors), Math.Min(Sockets, other.Sockets), Math.Min(Threads, other.Threads),
        Math.Min(PrivateKilobytes, other.PrivateKilobytes));

    private static void CollectGarbage()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
    }
}
