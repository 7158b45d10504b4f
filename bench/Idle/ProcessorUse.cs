using System.Globalization;

namespace Idle;

/// <summary>The processor time and the wake-ups of one thread since it started.</summary>
internal sealed record ThreadUse(int Process, int Thread, string Name, TimeSpan Processor, long WakeUps);

/// <summary>Measures the processor use of processes and their children with Linux's /proc.</summary>
internal static class ProcessorUse
{
    /// <summary>Measures several running process trees during the same period.</summary>
    /// <returns>The use of each thread of each tree. Threads that started or ended during the period are omitted.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<ThreadUse>>> MeasureAsync(IReadOnlyList<int> roots, TimeSpan time)
    {
        var before = roots.Select(Threads).ToList();
        await Task.Delay(time);
        return [.. roots.Select((root, index) => Differences(before[index], Threads(root)))];
    }

    private static List<ThreadUse> Differences(Dictionary<int, ThreadUse> before, Dictionary<int, ThreadUse> after) =>
    [
        .. after.Values.Where(use => before.ContainsKey(use.Thread)).Select(use => use with
        {
            Processor = use.Processor - before[use.Thread].Processor,
            WakeUps = use.WakeUps - before[use.Thread].WakeUps,
        }),
    ];

    private static Dictionary<int, ThreadUse> Threads(int root) => Tree(root)
        .SelectMany(process => Directory.GetDirectories($"/proc/{process}/task").Select(thread => Read(process, thread)))
        .OfType<ThreadUse>()
        .ToDictionary(use => use.Thread);

    private static IEnumerable<int> Tree(int root) => Directory.GetDirectories($"/proc/{root}/task")
        .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .SelectMany(child => Tree(int.Parse(child, CultureInfo.InvariantCulture)))
        .Prepend(root);

    private static ThreadUse? Read(int process, string directory)
    {
        try
        {
            // The fields are nanoseconds on a processor, nanoseconds in its run queue, and the number of time slices.
            var schedule = File.ReadAllText(Path.Combine(directory, "schedstat")).Split(' ');
            var switches = File.ReadLines(Path.Combine(directory, "status")).First(
                line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal));
            return new ThreadUse(
                process,
                int.Parse(Path.GetFileName(directory), CultureInfo.InvariantCulture),
                File.ReadAllText(Path.Combine(directory, "comm")).Trim(),
                TimeSpan.FromMicroseconds(long.Parse(schedule[0], CultureInfo.InvariantCulture) / 1000.0),
                long.Parse(switches.Split(':')[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // The thread has ended.
            return null;
        }
    }
}
