using System.Globalization;
using Actors;

namespace Actors.EndToEnd.Client;

/// <summary>Maps with a key in a durable pool. Each call adds a line to a file of its item; one item waits for a file.</summary>
internal static class MapProgram
{
    public static async Task RunAsync(string store, string directory)
    {
        await using var pool = await ProcessPool.StartAsync(
            1, options: new PoolOptions { DurableName = "pool", Store = new SqliteStore(store) });
        var items = Enumerable.Range(0, 6).Select(item => (directory, item));
        var map = pool.StarMapAsync<string, int, int>(Run, items, chunkSize: 1, new JobOptions { Key = "map" });
        while (pool.PendingJobs > 3)
            await Task.Delay(5);
        Console.WriteLine("3 left");
        Console.WriteLine(string.Join(' ', await map));
    }

    private static int Run(string directory, int item)
    {
        File.AppendAllText(Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{item}")), "run\n");
        while (item == 3 && !File.Exists(Path.Combine(directory, "release")))
            Thread.Sleep(10);
        return 2 * item;
    }
}
