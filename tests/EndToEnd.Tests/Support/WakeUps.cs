using System.Globalization;

namespace Actors.EndToEnd.Tests.Support;

/// <summary>Counts the wake-ups of the threads of a process and its children.</summary>
internal static class WakeUps
{
    /// <summary>Returns the number of wake-ups per second during the time.</summary>
    public static async Task<double> PerSecondAsync(int processId, TimeSpan time)
    {
        var before = Read(processId);
        await Task.Delay(time);
        return Read(processId).Sum(thread => thread.Value - before.GetValueOrDefault(thread.Key)) / time.TotalSeconds;
    }

    private static Dictionary<string, long> Read(int processId) =>
        Tree(processId).SelectMany(id => Directory.GetDirectories($"/proc/{id}/task")).ToDictionary(thread => thread, CountOf);

    private static IEnumerable<int> Tree(int root) => Directory.GetDirectories($"/proc/{root}/task")
        .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .SelectMany(child => Tree(int.Parse(child, CultureInfo.InvariantCulture)))
        .Prepend(root);

    private static long CountOf(string thread)
    {
        try
        {
            const string Name = "voluntary_ctxt_switches:";
            var line = File.ReadLines(Path.Combine(thread, "status")).First(line => line.StartsWith(Name, StringComparison.Ordinal));
            return long.Parse(line[Name.Length..], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The thread has ended.
            return 0;
        }
    }
}
