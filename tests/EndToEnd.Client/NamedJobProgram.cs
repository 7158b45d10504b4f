using Actors;

namespace Actors.EndToEnd.Client;

/// <summary>Submits named jobs to a durable pool, or attaches to one. Tests make another build with another number.</summary>
internal static class NamedJobProgram
{
    /// <summary>Submits jobs behind one that never ends, prints their ids, and waits until it is killed.</summary>
    public static async Task SubmitAsync(string store)
    {
        await using var pool = await OpenAsync(store);
        _ = pool.ApplyAsync(SleepForever);
        var newest = await pool.SubmitAsync(DescribeNewest, 7);
        var pinned = await pool.SubmitAsync(DescribePinned, 8);
        Console.WriteLine($"{newest.Id} {pinned.Id}");
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Prints the result of a job.</summary>
    public static async Task AttachAsync(string store, long job)
    {
        await using var pool = await OpenAsync(store);
        Console.WriteLine(await pool.Attach<string>(job));
    }

    private static Task<ProcessPool> OpenAsync(string store) =>
        ProcessPool.StartAsync(1, options: new PoolOptions { DurableName = "pool", Store = new SqliteStore(store) });

    [Job("describe", Build = JobBuild.Newest)]
    private static string DescribeNewest(int number) => $"{Build} {number}";

    [Job("describe-pinned")]
    private static string DescribePinned(int number) => $"{Build} {number}";

    private static string Build => "build-number-1".ToUpperInvariant();

    private static void SleepForever() => Thread.Sleep(Timeout.Infinite);
}
