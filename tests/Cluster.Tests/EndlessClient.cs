namespace Actors.Cluster.Tests;

/// <summary>This assembly as a program: a client of the cluster at the address given, whose jobs never end. A test kills it.</summary>
internal static class EndlessClient
{
    public const string Ready = "executor ";

    public static async Task Main(string[] args)
    {
        await using var pool = await ProcessPool.StartAsync(connect: args[0]);
        pool.ExecutorChanged += executor => Console.WriteLine($"{Ready}{executor.ProcessId}");
        foreach (var executor in pool.Executors)
            Console.WriteLine($"{Ready}{executor.ProcessId}");
        await pool.ApplyAsync(Functions.Sleep, TimeSpan.FromHours(1));
    }
}
