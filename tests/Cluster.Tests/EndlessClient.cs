namespace Actors.Cluster.Tests;

/// <summary>
/// Runs this assembly as a program. It is a client of the cluster at the given address, whose jobs never end, so that a test kills it. With
/// <c>once</c> it runs one job and prints its outcome, with <c>durable</c> in a durable pool, with <c>word</c> a job that waits for a file,
/// with <c>cancel</c> one that writes the reason of its cancellation to a file.
/// With <c>submit</c> or <c>attach</c> it is a client of an <see cref="AbandonedBatch"/>, with <c>farm</c> a <see cref="FarmProgram"/>.
/// </summary>
internal static class EndlessClient
{
    public const string Ready = "executor ";

    private static readonly PoolOptions Cancelable = new()
    {
        CancelOn = CancellationTriggers.ClientDisconnected,
        CancellationGrace = TimeSpan.FromMinutes(10),
    };

    public static async Task Main(string[] args)
    {
        if (args is [var address, "once" or "durable"])
        {
            await RunOnceAsync(address, args[1] == "durable" ? new PoolOptions { DurableName = "pool" } : null, pool =>
                pool.ApplyAsync(Functions.Square, 7));
            return;
        }

        if (args is [_, "word", var words])
        {
            await RunOnceAsync(args[0], null, pool => pool.ApplyAsync(Functions.AwaitWord, words, 0));
            return;
        }

        if (args is [_, "cancel", var shared])
        {
            await RunOnceAsync(args[0], Cancelable, pool => pool.ApplyAsync(Functions.WriteReason, shared));
            return;
        }

        if (args is [_, "submit", var directory])
        {
            await AbandonedBatch.SubmitAsync(args[0], directory);
            return;
        }

        if (args is [_, "farm", var records, var first, var count])
        {
            await FarmProgram.RunAsync(args[0], records, int.Parse(first), int.Parse(count));
            return;
        }

        if (args is [_, "attach", .. var jobs])
        {
            await AbandonedBatch.AttachAsync(args[0], [.. jobs.Select(long.Parse)]);
            return;
        }

        await using var pool = await ProcessPool.StartAsync(connect: args[0]);
        pool.WorkerChanged += executor => Console.WriteLine($"{Ready}{executor.ProcessId}");
        foreach (var executor in pool.Workers)
            Console.WriteLine($"{Ready}{executor.ProcessId}");
        await pool.ApplyAsync(Functions.Sleep, TimeSpan.FromHours(1));
    }

    private static async Task RunOnceAsync(string address, PoolOptions? options, Func<ProcessPool, JobHandle<int>> submit)
    {
        try
        {
            await using var pool = await ProcessPool.StartAsync(connect: address, options: options);
            Console.WriteLine($"result {await submit(pool)}");
        }
        catch (Exception exception)
        {
            Console.WriteLine($"failed {exception.GetType().Name}");
        }
    }
}
